package org.tfddpm.sample;

import java.util.List;

/**
 * Which classes pictures are to be of.
 *
 * @param labels of the first pictures, and again of those that follow; classes itself stands for
 *     none; empty for all classes in turn
 * @param guidance w of classifier-free guidance, from 0 (none)
 */
public record Wanted(List<Integer> labels, double guidance) {
  /** All classes in turn, without guidance. */
  public static final Wanted ALL = new Wanted(List.of(), 0);

  /** Copies the list. */
  public Wanted {
    labels = List.copyOf(labels);
  }

  /** The label of picture i, for a model with that many classes. */
  int label(int i, int classes) {
    return labels.isEmpty() ? i % classes : labels.get(i % labels.size());
  }
}
