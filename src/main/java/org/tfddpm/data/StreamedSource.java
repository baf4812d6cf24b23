package org.tfddpm.data;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TUint8;

/**
 * Images that are read from their files when they are needed. How one is read is a graph expression
 * inside a function of the tf.data pipeline. A function sees nothing of the graph around it: what
 * it needs is handed to it as arguments.
 */
public non-sealed interface StreamedSource extends Source {
  /** What {@link #read} needs beside an index, in the graph that tf builds. */
  List<Operand<?>> arguments(Ops tf);

  /**
   * The image of an index; running it fails if the image is broken.
   *
   * @param index scalar, 0 ... count-1
   * @param arguments stand for those of {@link #arguments}
   * @return [1,h,w,channels], channels 1 ... 4; the sizes are unknown when the graph is built
   */
  Operand<TUint8> read(Ops tf, Operand<TInt64> index, List<Operand<?>> arguments);

  /** What messages call an image: its file, or its number in a file. */
  String nameOf(long index);
}
