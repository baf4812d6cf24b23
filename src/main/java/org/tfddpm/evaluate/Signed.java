package org.tfddpm.evaluate;

import org.tfddpm.run.Images;

/** Images as networks take them. */
final class Signed {
  private Signed() {}

  /** x / 127.5 - 1 in [-1,1], [n,H,W,C]. */
  static float[] of(Images images, int from, int n) {
    int size = images.height() * images.width() * images.channels();
    float[] values = new float[n * size];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) ((images.pixels()[from * size + i] & 0xFF) / 127.5 - 1);
    }
    return values;
  }
}
