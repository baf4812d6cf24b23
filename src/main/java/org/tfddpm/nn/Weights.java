package org.tfddpm.nn;

import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Where a network takes its weights from: variables being trained, their averages, or constants. A
 * network asks for each weight by its dotted path, such as {@code down_0.block_1.conv1.kernel}, and
 * neither knows nor cares which of them it gets; built twice over the same weights it shares them.
 */
@FunctionalInterface
public interface Weights {
  /**
   * The weight of this path, as a tensor of the graph that {@code tf} builds.
   *
   * @param init its first values, should it have to be created
   * @throws IllegalArgumentException if there is a weight of this path with another shape, or none
   *     where none can be created
   */
  Operand<TFloat32> get(Ops tf, String path, Shape shape, Init init);

  /** Where a network of these weights calculates its convolutions when it is used, not trained. */
  default Precision precision() {
    return Precision.FLOAT32;
  }
}
