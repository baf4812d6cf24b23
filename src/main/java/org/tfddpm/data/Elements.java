package org.tfddpm.data;

import java.util.List;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TType;

/** The tensors of which each element of a tf.data data set consists. */
record Elements(List<Class<? extends TType>> types, List<Shape> shapes) {
  /** Positions in the stream of images. */
  static Elements positions(Shape shape) {
    return new Elements(List.of(TInt64.class), List.of(shape));
  }

  /** Images. */
  static Elements images(Shape shape) {
    return new Elements(List.of(TFloat32.class), List.of(shape));
  }

  /** Images and, after them, their labels. */
  static Elements labelled(Shape images, Shape labels) {
    return new Elements(List.of(TFloat32.class, TInt32.class), List.of(images, labels));
  }
}
