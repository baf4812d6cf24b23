package org.tfddpm.evaluate;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import org.tensorflow.proto.ConfigProto;
import org.tfddpm.data.OrderedReader;
import org.tfddpm.data.Source;
import org.tfddpm.spec.GraphSpec;

/** Some images of a source, drawn from all of it, the same ones every time. */
final class Drawn {
  private static final int BATCH = 64;

  private Drawn() {}

  /** What takes an image that was drawn. */
  @FunctionalInterface
  interface Taker {
    /**
     * Takes one.
     *
     * @param batch of images, in which it is the row
     * @param number of those that were taken before
     */
    void take(OrderedReader.Batch batch, int row, int number);
  }

  /**
   * Hands them over in the source's order.
   *
   * @param count 1 ... count of the source; fewer come where some are broken
   * @param warn is told of broken images
   * @return how many came
   * @throws org.tfddpm.spec.BadInput if all are broken
   */
  static int from(
      Source source,
      GraphSpec.Image size,
      int count,
      Consumer<String> warn,
      ConfigProto config,
      Taker taker) {
    int[] wanted = Rows.draw((int) source.count(), count);
    Arrays.sort(wanted);
    int taken = 0;
    int at = 0;
    try (OrderedReader reader = new OrderedReader(source, size, BATCH, warn, config)) {
      for (Optional<OrderedReader.Batch> next = reader.next();
          next.isPresent() && taken < count;
          next = reader.next()) {
        OrderedReader.Batch batch = next.get();
        for (int i = 0; i < batch.n() && taken < count; i++, at++) {
          if (at == wanted[taken]) {
            taker.take(batch, i, taken++);
          }
        }
      }
    }
    return taken;
  }
}
