package org.tfddpm.sample;

import java.util.ArrayList;
import java.util.List;
import org.tfddpm.model.Model;
import org.tfddpm.spec.GraphSpec;

/** The low-resolution images that belong to images, as training makes them. */
public final class LowResolution {
  private LowResolution() {}

  /**
   * The mean of each factor x factor pixels.
   *
   * @param images [n,H,W,C], of the model's size
   * @return [h,w,C] of each
   */
  public static List<float[]> of(float[] images, Model model) {
    GraphSpec.Image size = model.spec().getImage();
    GraphSpec.Image small = model.lowSize();
    int factor = model.upsampling();
    int channels = size.getChannels();
    int values = size.getHeight() * size.getWidth() * channels;
    List<float[]> all = new ArrayList<>();
    for (int from = 0; from < images.length; from += values) {
      float[] low = new float[small.getHeight() * small.getWidth() * channels];
      for (int i = 0; i < values; i++) {
        int c = i % channels;
        int x = i / channels % size.getWidth() / factor;
        int y = i / channels / size.getWidth() / factor;
        low[(y * small.getWidth() + x) * channels + c] += images[from + i] / (factor * factor);
      }
      all.add(low);
    }
    return all;
  }
}
