package org.tfddpm.evaluate;

import java.util.function.IntConsumer;
import org.tfddpm.run.Images;

/** What images are compared by. */
public interface Features extends AutoCloseable {
  /** The most values of an image: the time that a Fréchet distance takes grows with their cube. */
  int MOST_VALUES = 4096;

  /** What they are, as every report names them. */
  String name();

  /**
   * The features of images.
   *
   * @param done is told how many images are done, now and then
   * @throws org.tfddpm.spec.BadInput if there are none of these images, or more than {@link
   *     #MOST_VALUES} of each
   */
  Vectors of(Images images, IntConsumer done);

  @Override
  void close();
}
