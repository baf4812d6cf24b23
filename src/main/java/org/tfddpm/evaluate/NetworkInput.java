package org.tfddpm.evaluate;

import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.image.ResizeBilinear;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TType;
import org.tfddpm.run.Images;

/**
 * From images to what a network takes: its size (bilinear, half-pixel centres), its channels (grey
 * three times where it wants colour), its range and type.
 */
final class NetworkInput implements AutoCloseable {
  private final Graph graph = new Graph();
  private final Session session;
  private final Placeholder<TUint8> pixels;
  private final Operand<? extends TType> input;

  /**
   * For images of one size.
   *
   * @param network whose input is wanted
   * @param channels of the images
   */
  NetworkInput(
      FeaturePlace place,
      FeatureNetwork network,
      ValueRange range,
      int height,
      int width,
      int channels,
      ConfigProto config) {
    Ops tf = Ops.create(graph);
    int wanted = network.inputSize(3);
    if (wanted >= 0 && wanted != channels && !(wanted == 3 && channels == 1)) {
      throw place.bad("takes images of " + wanted + " channels, not those of " + channels);
    }
    pixels = tf.placeholder(TUint8.class, Placeholder.shape(Shape.of(-1, height, width, channels)));
    Operand<TFloat32> x = tf.dtypes.cast(pixels, TFloat32.class);
    int toHeight = network.inputSize(1) < 0 ? height : network.inputSize(1);
    int toWidth = network.inputSize(2) < 0 ? width : network.inputSize(2);
    if (toHeight != height || toWidth != width) {
      x =
          tf.image.resizeBilinear(
              x, tf.constant(new int[] {toHeight, toWidth}), ResizeBilinear.halfPixelCenters(true));
    }
    if (wanted == 3 && channels == 1) {
      x = tf.tile(x, tf.constant(new int[] {1, 1, 1, 3}));
    }
    if (network.input().dataType() == DataType.DT_UINT8) {
      input = tf.dtypes.cast(tf.math.floor(tf.math.add(x, tf.constant(0.5f))), TUint8.class);
    } else {
      Operand<TFloat32> scaled = tf.math.mul(x, tf.constant((float) range.scale()));
      input = tf.math.add(scaled, tf.constant((float) range.shift()));
    }
    session = new Session(graph, config);
  }

  /** Some of the images; to be closed. */
  Result of(Images images, int from, int count) {
    int size = images.height() * images.width() * images.channels();
    Shape shape = Shape.of(count, images.height(), images.width(), images.channels());
    try (TUint8 fed =
        TUint8.tensorOf(
            shape,
            DataBuffers.of(images.pixels(), true, false)
                .slice((long) from * size, (long) count * size))) {
      return session.runner().feed(pixels, fed).fetch(input).run();
    }
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
