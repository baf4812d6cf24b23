package org.tfddpm.run;

/**
 * Finished images, uint8 [N,H,W,C].
 *
 * @param pixels N * height * width * channels values, 0 ... 255 as unsigned bytes
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Images(byte[] pixels, int height, int width, int channels) {
  /** N. */
  public int count() {
    return pixels.length / (height * width * channels);
  }

  int at(int index, int y, int x, int channel) {
    return pixels[((index * height + y) * width + x) * channels + channel] & 0xFF;
  }
}
