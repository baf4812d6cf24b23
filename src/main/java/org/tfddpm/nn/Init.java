package org.tfddpm.nn;

import org.tensorflow.Operand;
import org.tensorflow.framework.initializers.RandomUniform;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;

/** The first values of a weight. */
@FunctionalInterface
public interface Init {
  /** Values of the given shape; random ones are a function of the seed alone. */
  Operand<TFloat32> values(Ops tf, Shape shape, long seed);

  /** All 0, as biases start. */
  static Init zeros() {
    return (tf, shape, seed) -> tf.fill(dims(tf, shape), tf.constant(0f));
  }

  /** All 1, as the scales of normalisations start. */
  static Init ones() {
    return (tf, shape, seed) -> tf.fill(dims(tf, shape), tf.constant(1f));
  }

  /**
   * Variance scaling with fan_avg and a uniform distribution: values of variance {@code scale /
   * ((fanIn + fanOut) / 2)}, uniform in +-sqrt(3 variance), as Ho et al. 2020 start every
   * convolution and dense layer. The framework's own VarianceScaling draws from [0, limit) and
   * counts the input channels of a convolution twice.
   *
   * @param scale 1, or nearly 0 for a layer whose output is to start at zero
   */
  static Init fanAverage(double scale) {
    return (tf, shape, seed) -> {
      int rank = shape.numDimensions();
      double receptiveField = 1;
      for (int i = 0; i < rank - 2; i++) {
        receptiveField *= shape.get(i);
      }
      double fanAverage = receptiveField * (shape.get(rank - 2) + shape.get(rank - 1)) / 2;
      double limit = Math.sqrt(3 * scale / fanAverage);
      return new RandomUniform<TFloat32>(-limit, limit, seed)
          .call(tf, dims(tf, shape), TFloat32.class);
    };
  }

  private static Operand<TInt64> dims(Ops tf, Shape shape) {
    return tf.constant(shape.asArray());
  }
}
