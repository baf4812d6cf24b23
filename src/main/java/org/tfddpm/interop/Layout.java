package org.tfddpm.interop;

import java.util.List;
import org.tensorflow.ndarray.Shape;

/**
 * In which order another program keeps the axes of a weight. The conversion is a permutation: no
 * value changes.
 *
 * @param axes ours in the other program's order; those it leaves out are of size 1. None: as we do
 */
record Layout(List<Integer> axes) {
  /** As we do. */
  static final Layout SAME = new Layout(List.of());

  /** A convolution [H,W,in,out] as [out,in,H,W]. */
  static final Layout OUT_IN_HEIGHT_WIDTH = new Layout(List.of(3, 2, 0, 1));

  /** A dense layer [in,out] as [out,in]. */
  static final Layout OUT_IN = new Layout(List.of(1, 0));

  /** A 1x1 convolution [1,1,in,out] as a dense layer [out,in]. */
  static final Layout PIXEL_OUT_IN = new Layout(List.of(3, 2));

  /** A 1x1 convolution [1,1,in,out] as a dense layer [in,out]. */
  static final Layout PIXEL_IN_OUT = new Layout(List.of(2, 3));

  /** The shape that the other program gives to a weight of our shape. */
  Shape theirs(Shape ours) {
    return axes.isEmpty() ? ours : Shape.of(axes.stream().mapToLong(ours::get).toArray());
  }

  /** Values in our order. */
  float[] toOurs(float[] theirs, Shape ours) {
    if (axes.isEmpty()) {
      return theirs;
    }
    int[] places = places(ours);
    float[] values = new float[places.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = theirs[places[i]];
    }
    return values;
  }

  /** Values in the other program's order. */
  float[] toTheirs(float[] values, Shape ours) {
    if (axes.isEmpty()) {
      return values;
    }
    int[] places = places(ours);
    float[] theirs = new float[places.length];
    for (int i = 0; i < theirs.length; i++) {
      theirs[places[i]] = values[i];
    }
    return theirs;
  }

  /** For each of our values its place among theirs. */
  private int[] places(Shape ours) {
    int rank = ours.numDimensions();
    int[] strides = new int[rank];
    int stride = 1;
    for (int i = axes.size() - 1; i >= 0; i--) {
      strides[axes.get(i)] = stride;
      stride *= (int) ours.get(axes.get(i));
    }
    int[] places = new int[(int) ours.size()];
    int[] index = new int[rank];
    for (int i = 0; i < places.length; i++) {
      for (int axis = 0; axis < rank; axis++) {
        places[i] += index[axis] * strides[axis];
      }
      for (int axis = rank - 1; axis >= 0 && ++index[axis] == ours.get(axis); axis--) {
        index[axis] = 0;
      }
    }
    return places;
  }
}
