package org.tfddpm.data;

import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;

/** The labels of all images as a tensor of the training graph. */
final class LoadedLabels {
  private final int[] ofImages;
  private final Loaded<TInt32> loaded;

  LoadedLabels(Ops tf, Labels labels) {
    ofImages = labels.ofImages();
    loaded = new Loaded<>(tf, "data/labels", TInt32.class, Shape.of(ofImages.length));
  }

  /** [count], once they are loaded. */
  Operand<TInt32> all() {
    return loaded.value();
  }

  /**
   * The labels of some images.
   *
   * @param all stands for {@link #all} in a function of the pipeline
   * @param indices of any shape
   * @return of the same shape
   */
  @SuppressWarnings("unchecked")
  static Operand<TInt32> at(Ops tf, Operand<?> all, Operand<TInt64> indices) {
    return tf.gather((Operand<TInt32>) all, indices, tf.constant(0));
  }

  void load(Session session) {
    loaded.load(session, () -> TInt32.vectorOf(ofImages));
  }
}
