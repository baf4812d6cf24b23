package org.tfddpm.evaluate;

import java.util.List;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.proto.DataType;

/**
 * A network that somebody has trained, ready to be run.
 *
 * @param input images, float32 or uint8, of rank 4 or unknown rank
 * @param output of the same batch
 * @param times other inputs, int32 [N]: the time steps that a classifier of noisy images wants
 * @param owner what to close
 */
record FeatureNetwork(
    Session session, Output<?> input, Output<?> output, List<Output<?>> times, Runnable owner) {
  static boolean canTakeImages(Output<?> tensor) {
    boolean type = tensor.dataType() == DataType.DT_FLOAT || tensor.dataType() == DataType.DT_UINT8;
    return type && (tensor.shape().isUnknown() || tensor.shape().numDimensions() == 4);
  }

  /** The size of a dimension of the input, or -1 where it takes every size. */
  int inputSize(int dimension) {
    return input.shape().isUnknown() ? -1 : (int) input.shape().get(dimension);
  }
}
