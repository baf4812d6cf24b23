package org.tfddpm.sample;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;
import org.tfddpm.diffusion.Expr;
import org.tfddpm.run.Images;

/** From the range of the model to the range of files, and back. */
public final class Pixels {
  private Pixels() {}

  /** [-1,1] to 0 ... 255: round(127.5 (x + 1)), what lies outside clipped. */
  public static Operand<TUint8> of(Ops tf, Operand<TFloat32> x) {
    Expr scaled = Expr.of(tf, x).plus(1).times(127.5).clip(0, 255);
    // floor(y + 1/2), since runtimes differ in how they round halves.
    return tf.dtypes.cast(scaled.plus(0.5).floor(), TUint8.class);
  }

  /** 0 ... 255 to [-1,1]: y / 127.5 - 1 of the images from ... from + n - 1, [n,H,W,C]. */
  public static float[] signed(Images images, int from, int n) {
    int size = images.height() * images.width() * images.channels();
    float[] values = new float[n * size];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) ((images.pixels()[from * size + i] & 0xFF) / 127.5 - 1);
    }
    return values;
  }
}
