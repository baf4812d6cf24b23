package org.tfddpm.data;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.image.ScaleAndTranslate;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TUint8;
import org.tfddpm.spec.GraphSpec;

/** Makes an image of any size and colour one of the model's. */
final class Fit {
  /** How much red, green and blue weigh in grey (ITU-R BT.601, as PIL's and TensorFlow's grey). */
  private static final float[] LUMA = {0.299f, 0.587f, 0.114f};

  private Fit() {}

  /**
   * Scaled until it covers the model's height and width, cropped by whole pixels around its centre,
   * in the model's channels. Scaling is bilinear over as many pixels as fall on one (as PIL's and
   * torchvision's), to whole numbers.
   *
   * @param images [n,h,w,c] with c 1 ... 4: grey, grey and alpha, RGB, RGB and alpha; alpha is
   *     dropped. All sizes may be unknown when the graph is built.
   * @return [n,H,W,C], 0 ... 255
   */
  static Operand<TFloat32> fit(Ops tf, Operand<TUint8> images, GraphSpec.Image to) {
    Operand<TFloat32> pixels = tf.dtypes.cast(images, TFloat32.class);
    Operand<TFloat32> sized =
        images.shape().get(1) == to.getHeight() && images.shape().get(2) == to.getWidth()
            ? pixels
            : cover(tf, pixels, to);
    Operand<TFloat32> fitted =
        images.shape().get(3) == to.getChannels() ? sized : colour(tf, sized, to.getChannels());
    return tf.reshape(
        tf.math.round(fitted), tf.array(-1, to.getHeight(), to.getWidth(), to.getChannels()));
  }

  /** The model's images, [...] in [-1,1], of pixels [...], 0 ... 255. */
  static Operand<TFloat32> scale(Ops tf, Operand<TFloat32> pixels) {
    return tf.math.sub(tf.math.div(pixels, tf.constant(127.5f)), tf.constant(1f));
  }

  private static Operand<TFloat32> cover(Ops tf, Operand<TFloat32> images, GraphSpec.Image to) {
    Operand<TInt32> size = tf.array(to.getHeight(), to.getWidth());
    Operand<TFloat32> wanted = tf.dtypes.cast(size, TFloat32.class);
    Operand<TFloat32> given =
        tf.dtypes.cast(tf.slice(tf.shape(images), tf.array(1), tf.array(2)), TFloat32.class);
    Operand<TFloat32> scale =
        tf.math.mul(tf.reduceMax(tf.math.div(wanted, given), tf.constant(0)), tf.array(1f, 1f));
    Operand<TFloat32> excess = tf.math.sub(tf.math.mul(given, scale), wanted);
    // Whole pixels: an image that is only cropped is not blurred.
    Operand<TFloat32> cut = tf.math.round(tf.math.mul(excess, tf.constant(0.5f)));
    return tf.image.scaleAndTranslate(
        images,
        size,
        scale,
        tf.math.neg(cut),
        ScaleAndTranslate.kernelType("triangle"),
        ScaleAndTranslate.antialias(true));
  }

  /** Grey or RGB from 1 ... 4 channels. */
  private static Operand<TFloat32> colour(Ops tf, Operand<TFloat32> images, int channels) {
    Operand<TInt32> given = tf.gather(tf.shape(images), tf.constant(3), tf.constant(0));
    Operand<TInt32> rgbOf = tf.constant(new int[][] {{0, 0, 0}, {0, 0, 0}, {0, 1, 2}, {0, 1, 2}});
    Operand<TInt32> rgb = tf.gather(rgbOf, tf.math.sub(given, tf.constant(1)), tf.constant(0));
    Operand<TFloat32> three = tf.gather(images, rgb, tf.constant(3));
    if (channels == 3) {
      return three;
    }
    return tf.reduceSum(
        tf.math.mul(three, tf.constant(LUMA)),
        tf.constant(3),
        org.tensorflow.op.core.ReduceSum.keepDims(true));
  }
}
