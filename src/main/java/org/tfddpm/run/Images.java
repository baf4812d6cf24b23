package org.tfddpm.run;

import java.util.List;

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

  /**
   * Image by image what is one after the other in the frames.
   *
   * @param frames of as many images each
   * @return image 0 of all frames, then image 1 of all, ...
   */
  public static Images byRow(List<Images> frames) {
    Images like = frames.get(0);
    int size = like.height * like.width * like.channels;
    byte[] all = new byte[frames.size() * like.pixels.length];
    for (int i = 0; i < like.count(); i++) {
      for (int f = 0; f < frames.size(); f++) {
        int to = (i * frames.size() + f) * size;
        System.arraycopy(frames.get(f).pixels, i * size, all, to, size);
      }
    }
    return new Images(all, like.height, like.width, like.channels);
  }

  int at(int index, int y, int x, int channel) {
    return pixels[((index * height + y) * width + x) * channels + channel] & 0xFF;
  }
}
