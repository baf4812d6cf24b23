package org.tfddpm.sample;

import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tfddpm.diffusion.Expr;
import org.tfddpm.diffusion.SeededNormal;
import org.tfddpm.spec.GraphSpec;

/**
 * The noise of a step of the loop, which no other step takes: for the draw j = 0, 1, ... of the
 * visit k = 0, 1, ... of t, of which each takes n, the draw (k n + j) T + t + 1 of the row's seed.
 *
 * @param seed [B]
 * @param t scalar, 0 ... T-1
 * @param visit k, a scalar; null for 0
 * @param each n
 */
record Draws(
    Ops tf,
    GraphSpec.Image size,
    Operand<TInt32> seed,
    Operand<TInt32> t,
    @Nullable Operand<TInt32> visit,
    int noiseLevels,
    int each) {
  /** Standard normal, [B,H,W,C]. */
  Expr of(int j) {
    return SeededNormal.of(
        tf, seed, number(j), size.getHeight(), size.getWidth(), size.getChannels());
  }

  private Operand<TInt32> number(int j) {
    Operand<TInt32> first = tf.math.add(t, tf.constant(1 + j * noiseLevels));
    return visit == null
        ? first
        : tf.math.add(first, tf.math.mul(visit, tf.constant(each * noiseLevels)));
  }
}
