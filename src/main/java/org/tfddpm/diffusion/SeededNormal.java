package org.tfddpm.diffusion;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * Standard normal noise that is a function of three whole numbers: the seed of the row, the draw
 * (which noise of the many that one image takes) and the element of the image. No state and one
 * seed for each row, so that an image does not depend on the batch it is made in; and no operation
 * but Add, Sub, Mul, Floor, Cast and Gather on whole numbers below 2^24, which float32 holds
 * exactly, so that every runtime and every device gives the same bits.
 *
 * <p>A Feistel network of 8 rounds permutes the elements 0 ... 2^24-1. With the halves L, R of 12
 * bits and the round keys k,
 *
 * <pre>  (L, R) becomes (R, (L + k[j] + f(R, k[j+1])) mod 4096),
 *   f(x, k) = p - floor(p / 256) where p = x (4095 + k - x)</pre>
 *
 * <p>The keys are the words 12 ... 20 of the sequence that begins with the halves of seed and draw
 * and continues
 *
 * <pre>  w[i+4] = (w[i] + 101 (i + 1) + f(w[i+3], w[i+2])) mod 4096</pre>
 *
 * <p>and the noise is 0.6 q[L] + 0.8 q[R] with the {@linkplain NormalTable table} q of normal
 * quantiles: 16 million values between -7.1 and 7.1 with the moments 0, 1, 0, 3 of the normal
 * distribution.
 */
public final class SeededNormal {
  private static final int ROUNDS = 8;
  private static final int SKIPPED = 8;

  /** Seeds, draws and elements are below this: 2^24. */
  public static final int LIMIT = 1 << 24;

  private SeededNormal() {}

  /**
   * The noise of images.
   *
   * @param seed [B], 0 ... 2^24-1, one a row
   * @param draw scalar or [B], 0 ... 2^24-1: 0 for x_T, k T + t + 1 for the noise of the step k =
   *     0, 1, ... from t
   * @return [B,H,W,C]; the element of h, w, c is (h W + w) C + c
   */
  public static Expr of(
      Ops tf, Operand<TInt32> seed, Operand<TInt32> draw, int height, int width, int channels) {
    List<Expr> keys = keys(cast(tf, seed), cast(tf, draw));
    Expr[] halves = halves(elements(tf, Shape.of(1, height, width, channels)));
    Expr left = halves[0];
    Expr right = halves[1];
    for (int j = 0; j < ROUNDS; j++) {
      Expr mixed = mix(right, keys.get(j + 1).perImage());
      Expr next = modulo(left.plus(keys.get(j).perImage()).plus(mixed));
      left = right;
      right = next;
    }
    return look(left, 3).plus(look(right, 4));
  }

  private static List<Expr> keys(Expr seed, Expr draw) {
    List<Expr> words = new ArrayList<>(List.of(halves(seed)));
    // A scalar draw gets the shape of the rows.
    Expr zeros = seed.times(0);
    for (Expr half : halves(draw)) {
      words.add(half.plus(zeros));
    }
    for (int i = 0; i < SKIPPED + ROUNDS + 1; i++) {
      Expr mixed = mix(words.get(i + 3), words.get(i + 2));
      words.add(modulo(words.get(i).plus(101 * (i + 1)).plus(mixed)));
    }
    return words.subList(4 + SKIPPED, words.size());
  }

  /** f of the class comment, at most 4095^2. */
  private static Expr mix(Expr x, Expr key) {
    Expr product = x.times(key.plus(4095).minus(x));
    return product.minus(product.times(1.0 / 256).floor());
  }

  private static Expr modulo(Expr x) {
    return halves(x)[1];
  }

  /** floor(x / 4096) and x mod 4096. */
  private static Expr[] halves(Expr x) {
    Expr high = x.times(1.0 / 4096).floor();
    return new Expr[] {high, x.minus(high.times(4096))};
  }

  /** weight/5 q[index]; a multiple of 2^-17, so that the sum of two is exact. */
  private static Expr look(Expr index, int weight) {
    Ops tf = index.tf();
    Operand<TFloat32> table = tf.constant(NormalTable.times(weight));
    return new Expr(tf, tf.gather(table, tf.dtypes.cast(index, TInt32.class), tf.constant(0)));
  }

  private static Expr elements(Ops tf, Shape shape) {
    float[] elements = new float[Math.toIntExact(shape.size())];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = i;
    }
    return new Expr(tf, tf.constant(shape, DataBuffers.of(elements)));
  }

  private static Expr cast(Ops tf, Operand<TInt32> value) {
    return new Expr(tf, tf.dtypes.cast(value, TFloat32.class));
  }
}
