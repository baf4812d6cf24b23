package org.tfddpm.data;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;

/**
 * How the pipeline turns positions into images, by way of their indices: the part of it that
 * depends on the source.
 */
interface Reader extends AutoCloseable {
  /** Whether any number of positions is taken at once; if not, one. */
  boolean readsBatches();

  /** What {@link #indices} and {@link #read} need, as tensors of the training graph. */
  List<Operand<?>> arguments();

  /**
   * Which images are shown at some positions.
   *
   * @param tf builds a function of the pipeline
   * @param positions [n], from 0
   * @param arguments stand for those of {@link #arguments}
   * @return [n], or a scalar where one position is taken; 0 ... count-1
   */
  Operand<TInt64> indices(Ops tf, Operand<TInt64> positions, List<Operand<?>> arguments);

  /**
   * The images of some indices.
   *
   * @param indices as {@link #indices} gives them
   * @return [n,H,W,C], 0 ... 255
   */
  Operand<TFloat32> read(Ops tf, Operand<TInt64> indices, List<Operand<?>> arguments);

  /** Fills what {@link #arguments} reads, before the pipeline starts. */
  void load(Session session);

  /**
   * Tries the images at some positions after reading them has failed.
   *
   * @return whether some were newly found to be broken and are replaced from the next {@link #load}
   */
  boolean replaceBroken(long position, int count);

  @Override
  void close();
}
