package org.tfddpm.data;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.image.DecodeImage;
import org.tensorflow.types.TString;
import org.tensorflow.types.TUint8;

/** PNG, JPEG, BMP and GIF files as pixels. */
final class EncodedImage {
  private EncodedImage() {}

  /**
   * The pixels of an encoded image, [1,h,w,c] with the file's channels; of a GIF the first frame.
   * TensorFlow does not know the palette of a BMP of 256 colours: it takes the indices for grey.
   */
  static Operand<TUint8> decode(Ops tf, Operand<TString> encoded) {
    Operand<TUint8> pixels =
        tf.image.decodeImage(
            encoded, TUint8.class, DecodeImage.channels(0L), DecodeImage.expandAnimations(false));
    return tf.expandDims(pixels, tf.constant(0));
  }
}
