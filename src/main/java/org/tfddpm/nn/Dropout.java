package org.tfddpm.nn;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** How activations are dropped. */
@FunctionalInterface
public interface Dropout {
  /** Drops nothing: the network as it is used. */
  Dropout NONE = (tf, x, rate) -> x;

  /**
   * Sets each element of x to 0 with probability {@code rate} and divides the others by {@code 1 -
   * rate}, so that the expectation stays.
   *
   * @param rate in [0,1)
   */
  Operand<TFloat32> drop(Ops tf, Operand<TFloat32> x, double rate);

  /**
   * Drops in training.
   *
   * @param uniform makes a tensor of the shape of its argument, uniform in [0,1), another one each
   *     time it is called and in each training step
   */
  static Dropout by(Uniform uniform) {
    return (tf, x, rate) -> {
      if (rate == 0) {
        return x;
      }
      Operand<TFloat32> kept =
          tf.dtypes.cast(
              tf.math.greaterEqual(uniform.like(tf, x), tf.constant((float) rate)), TFloat32.class);
      Operand<TFloat32> scale = tf.math.mul(kept, tf.constant((float) (1 / (1 - rate))));
      return tf.math.mul(x, scale);
    };
  }

  /** A source of uniform random numbers in [0,1). */
  @FunctionalInterface
  interface Uniform {
    Operand<TFloat32> like(Ops tf, Operand<TFloat32> x);
  }
}
