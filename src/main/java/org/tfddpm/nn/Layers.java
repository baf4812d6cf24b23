package org.tfddpm.nn;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.framework.activations.Swish;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.nn.Conv2d;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * Layers without state of their own: convolution, dense, swish, upsampling. Images are [N,H,W,C].
 */
public final class Layers {
  /**
   * Scale of the initializer of a layer whose output starts at zero: Ho et al. 2020 take 1e-10, not
   * 0.
   */
  private static final double NEARLY_ZERO = 1e-10;

  private Layers() {}

  /** Convolution with bias, [N,H,W,C] to [N,H,W,channels], SAME padding. */
  public static Operand<TFloat32> conv(Net net, Operand<TFloat32> x, long channels, int size) {
    return bias(net, convolve(net, x, channels, size, 1, Init.fanAverage(1)), channels);
  }

  /** {@link #conv} whose output starts at zero. */
  public static Operand<TFloat32> convZero(Net net, Operand<TFloat32> x, long channels, int size) {
    return bias(net, convolve(net, x, channels, size, 1, Init.fanAverage(NEARLY_ZERO)), channels);
  }

  /**
   * Convolution of stride 2 with bias, [N,H,W,C] to [N,H/2,W/2,channels]. SAME padding of an even
   * size pads bottom and right only.
   */
  public static Operand<TFloat32> convDown(Net net, Operand<TFloat32> x, long channels, int size) {
    return bias(net, convolve(net, x, channels, size, 2, Init.fanAverage(1)), channels);
  }

  /** Convolution without its bias: {@link #biasOf} gives it to whoever can add it for less. */
  public static Operand<TFloat32> convUnbiased(
      Net net, Operand<TFloat32> x, long channels, int size) {
    return convolve(net, x, channels, size, 1, Init.fanAverage(1));
  }

  /** The bias of a layer with that many output channels, [channels]. */
  public static Operand<TFloat32> biasOf(Net net, long channels) {
    return net.weight("bias", Shape.of(channels), Init.zeros());
  }

  /** Dense layer, [N,C] to [N,channels]. */
  public static Operand<TFloat32> dense(Net net, Operand<TFloat32> x, long channels) {
    return dense(net, x, channels, Init.fanAverage(1));
  }

  /** {@link #dense} whose output starts at zero. */
  public static Operand<TFloat32> denseZero(Net net, Operand<TFloat32> x, long channels) {
    return dense(net, x, channels, Init.fanAverage(NEARLY_ZERO));
  }

  private static Operand<TFloat32> dense(Net net, Operand<TFloat32> x, long channels, Init init) {
    Operand<TFloat32> kernel = net.weight("kernel", Shape.of(channelsOf(x), channels), init);
    return bias(net, net.named().linalg.matMul(x, kernel), channels);
  }

  /** A row of a table for each index, [N] in 0 ... rows-1 to [N,channels]. */
  public static Operand<TFloat32> embedding(
      Net net, Operand<TInt32> index, long rows, long channels) {
    Operand<TFloat32> table = net.weight("table", Shape.of(rows, channels), Init.fanAverage(1));
    // As a product, whose gradient adds up in a certain order; a gather's does not on a GPU.
    Operand<TFloat32> which =
        net.tf()
            .oneHot(
                index, net.tf().constant((int) rows), net.tf().constant(1f), net.tf().constant(0f));
    return net.named().linalg.matMul(which, table);
  }

  /** x sigmoid(x). */
  public static Operand<TFloat32> swish(Net net, Operand<TFloat32> x) {
    return Swish.swish(net.tf(), x);
  }

  /** Each pixel four times, [N,H,W,C] to [N,2H,2W,C]. */
  public static Operand<TFloat32> upsampleNearest(Net net, Operand<TFloat32> x) {
    int[] size = {(int) x.shape().get(1) * 2, (int) x.shape().get(2) * 2};
    return net.tf().image.resizeNearestNeighbor(x, net.tf().constant(size));
  }

  /** The mean of each 2x2 pixels, [N,H,W,C] to [N,H/2,W/2,C]. */
  public static Operand<TFloat32> averagePool(Net net, Operand<TFloat32> x) {
    List<Long> two = List.of(1L, 2L, 2L, 1L);
    return net.tf().nn.avgPool(x, two, two, "VALID");
  }

  /** The last dimension of x. */
  public static long channelsOf(Operand<TFloat32> x) {
    return x.shape().get(x.shape().numDimensions() - 1);
  }

  private static Operand<TFloat32> bias(Net net, Operand<TFloat32> x, long channels) {
    return net.tf().nn.biasAdd(x, biasOf(net, channels));
  }

  private static Operand<TFloat32> convolve(
      Net net, Operand<TFloat32> x, long channels, int size, long stride, Init init) {
    Operand<TFloat32> kernel =
        net.weight("kernel", Shape.of(size, size, channelsOf(x), channels), init);
    List<Long> strides = List.of(1L, stride, stride, 1L);
    if (net.precision() == Precision.FLOAT32) {
      return net.named().nn.conv2d(x, kernel, strides, "SAME");
    }
    Conv2d<TBfloat16> y =
        net.named()
            .nn
            .conv2d(
                net.tf().dtypes.cast(x, TBfloat16.class),
                net.tf().dtypes.cast(kernel, TBfloat16.class),
                strides,
                "SAME");
    return net.tf().dtypes.cast(y, TFloat32.class);
  }
}
