package org.tfddpm.interop;

import java.util.List;
import org.tensorflow.ndarray.Shape;

/** How another program names and keeps the weights of the U-Net. */
interface Naming {
  /** What it calls the weight of one of our paths: the usual name first, then older ones. */
  List<String> names(String path);

  /** In which order it keeps the axes of that weight. */
  Layout layout(String path, Shape shape);

  /** Whether a tensor of this name is a weight of its network, and not of its optimizer, say. */
  boolean isWeight(String name);
}
