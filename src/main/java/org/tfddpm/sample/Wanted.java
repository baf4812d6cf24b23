package org.tfddpm.sample;

import java.util.List;

/**
 * What pictures are to be of.
 *
 * @param labels of the first pictures, and again of those that follow; classes itself stands for
 *     none; empty for all classes in turn
 * @param guidance w of classifier-free guidance, from 0 (none)
 * @param low low-resolution images of the first pictures, [h,w,C] in [-1,1], and again of those
 *     that follow; empty for a model that sees none
 */
public record Wanted(List<Integer> labels, double guidance, List<float[]> low) {
  /** All classes in turn, without guidance. */
  public static final Wanted ALL = new Wanted(List.of(), 0);

  /** Copies the lists. */
  public Wanted {
    labels = List.copyOf(labels);
    low = List.copyOf(low);
  }

  /** Without low-resolution images. */
  public Wanted(List<Integer> labels, double guidance) {
    this(labels, guidance, List.of());
  }

  /** The same of these low-resolution images. */
  public Wanted withLow(List<float[]> images) {
    return new Wanted(labels, guidance, images);
  }

  /** The label of picture i, for a model with that many classes. */
  int label(int i, int classes) {
    return labels.isEmpty() ? i % classes : labels.get(i % labels.size());
  }

  /** The low-resolution image of picture i. */
  float[] low(int i) {
    return low.get(i % low.size());
  }
}
