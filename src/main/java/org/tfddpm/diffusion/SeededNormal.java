package org.tfddpm.diffusion;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** Placeholder. */
public final class SeededNormal {
  private SeededNormal() {}

  /** Noise. */
  public static Expr of(
      Ops tf, Operand<TInt32> seed, Operand<TInt32> draw, int height, int width, int channels) {
    Operand<TFloat32> noise =
        tf.random.statelessRandomNormal(
            tf.array(64, height, width, channels),
            tf.stack(java.util.List.of(draw, tf.constant(7))),
            TFloat32.class);
    return new Expr(tf, noise);
  }
}
