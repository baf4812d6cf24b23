package org.tfddpm.data;

import java.util.Arrays;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.StdArrays;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;
import org.tfddpm.spec.BadInput;
import org.tfddpm.spec.GraphSpec;

/**
 * Which images of a streamed source turned out to be broken, and which are shown in their place:
 * the next good ones. A graph of its own tries single images.
 */
final class BrokenImages implements AutoCloseable {
  private final StreamedSource source;
  private final Consumer<String> warn;
  private final TreeSet<Long> broken = new TreeSet<>();
  private final Graph graph = new Graph();
  private final Session session;
  private final Placeholder<TInt64> index;
  private final Operand<TFloat32> image;
  private final Placeholder<TInt64> positions;
  private final Operand<TInt64> order;

  /**
   * Nothing known to be broken, but for the images before the first good one, which is looked for.
   *
   * @param warn is told of each broken image, by name
   * @throws BadInput if no image is good
   */
  BrokenImages(StreamedSource source, GraphSpec.Image size, long seed, Consumer<String> warn) {
    this.source = source;
    this.warn = warn;
    Ops tf = Ops.create(graph);
    index = tf.placeholder(TInt64.class, Placeholder.shape(Shape.scalar()));
    image = Fit.fit(tf, source.read(tf, index, source.arguments(tf)), size);
    positions = tf.placeholder(TInt64.class, Placeholder.shape(Shape.of(-1)));
    order = Order.at(tf, positions, source.count(), seed);
    session = new Session(graph);
    try {
      findGood(0);
    } catch (BadInput e) {
      close();
      throw e;
    }
  }

  /**
   * Tries the images that are shown at some positions.
   *
   * @return whether one was found to be broken that was not known to be
   * @throws BadInput if no image is good any more
   */
  boolean look(long firstPosition, int count) {
    int before = broken.size();
    for (long shown : orderAt(firstPosition, count)) {
      findGood(shown);
    }
    return broken.size() > before;
  }

  /** Tries an image, and the ones after it while they are broken. */
  private void findGood(long i) {
    while (isBroken(replacement(i))) {
      // isBroken has added it, so the next replacement is another one.
    }
  }

  /** For each index, the index of the image that is shown. */
  long[] replacements() {
    long[] table = new long[Math.toIntExact(source.count())];
    Arrays.setAll(table, this::replacement);
    return table;
  }

  private long replacement(long i) {
    long candidate = i;
    while (broken.contains(candidate)) {
      candidate = (candidate + 1) % source.count();
    }
    return candidate;
  }

  private long[] orderAt(long firstPosition, int count) {
    long[] asked = new long[count];
    Arrays.setAll(asked, i -> firstPosition + i);
    try (TInt64 fed = TInt64.vectorOf(asked);
        Result result = session.runner().feed(positions, fed).fetch(order).run()) {
      return StdArrays.array1dCopyOf((TInt64) result.get(0));
    }
  }

  private boolean isBroken(long i) {
    try (TInt64 fed = TInt64.scalarOf(i)) {
      session.runner().feed(index, fed).addTarget(image).run().close();
      return false;
    } catch (RuntimeException e) {
      // TensorFlow Java has no common type for what a run throws.
      broken.add(i);
      warn.accept(warning(source, i, e));
      if (broken.size() == source.count()) {
        throw noneIsGood(source, e);
      }
      return true;
    }
  }

  /** What is told of a broken image. */
  static String warning(StreamedSource source, long i, RuntimeException e) {
    String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    return source.nameOf(i) + " is broken and left out: " + reason;
  }

  /** A source all of whose images are broken. */
  static BadInput noneIsGood(StreamedSource source, RuntimeException e) {
    return new BadInput(
        "data source: none of its "
            + source.count()
            + " images can be read; the first is "
            + source.nameOf(0),
        e);
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
