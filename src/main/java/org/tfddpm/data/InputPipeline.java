package org.tfddpm.data;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.tensorflow.ConcreteFunction;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.Signature;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.data.BatchDataset;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TType;
import org.tfddpm.spec.GraphSpec;

/**
 * Batches of images as the tf.data part of a training graph: positions counted up, shuffled to
 * indices, read, fitted to the model's size; all inside the graph, and ahead of the step that needs
 * them.
 *
 * <pre>
 *   memory:   range(position ...) -> batch -> shuffle, gather, fit       -> prefetch
 *   streamed: range(position ...) -> shuffle, replace, read, fit -> batch -> prefetch
 * </pre>
 *
 * A streamed image that turns out to be broken is replaced by the next good one, for good. Other
 * batches do not depend on when that was found, so a continued run sees the same images.
 */
public final class InputPipeline implements AutoCloseable {
  /** tf.data chooses how many calls run in parallel. */
  private static final long AUTOTUNE = -1;

  private static final long BATCHES_AHEAD = 2;

  private final Ops tf;
  private final int batchSize;
  private final Reader reader;
  private final Op makeIterator;
  private final Operand<TFloat32> images;

  /**
   * Adds the pipeline to a graph.
   *
   * @param seed of the order of the images
   * @param position how many images were shown before, a scalar; read when the pipeline starts
   * @param warn is told of each broken image, by name
   */
  public InputPipeline(
      Ops tf,
      Source source,
      GraphSpec.Image size,
      int batchSize,
      long seed,
      Operand<TInt64> position,
      Consumer<String> warn) {
    this.tf = tf;
    this.batchSize = batchSize;
    this.reader =
        source instanceof MemorySource memory
            ? new MemoryReader(tf, memory, size, seed)
            : new StreamedReader(tf, (StreamedSource) source, size, seed, warn);
    Shape one = Shape.of(size.getHeight(), size.getWidth(), size.getChannels());
    Shape batch = one.prepend(batchSize);
    Operand<? extends TType> positions =
        tf.data.rangeDataset(
            position,
            tf.constant(Long.MAX_VALUE),
            tf.constant(1L),
            List.of(TInt64.class),
            List.of(Shape.scalar()));
    Operand<? extends TType> batches =
        reader.readsBatches()
            ? map(batch(positions, TInt64.class, Shape.of(batchSize)), Shape.of(batchSize), batch)
            : batch(map(positions, Shape.scalar(), one), TFloat32.class, batch);
    Operand<? extends TType> ahead =
        tf.data.prefetchDataset(
            batches, tf.constant(BATCHES_AHEAD), List.of(TFloat32.class), List.of(batch));
    Operand<? extends TType> iterator =
        tf.data.iterator("data/iterator", "", List.of(TFloat32.class), List.of(batch));
    makeIterator = tf.data.makeIterator(ahead, iterator);
    Iterator<Operand<TType>> next =
        tf.data.iteratorGetNext(iterator, List.of(TFloat32.class), List.of(batch)).iterator();
    images = next.next().asOutput().expect(TFloat32.class);
  }

  /** The next batch, [B,H,W,C] in [-1,1]. */
  public Operand<TFloat32> images() {
    return images;
  }

  /** Begins at the position, whatever was read ahead before. */
  public void start(Session session) {
    reader.load(session);
    session.runner().addTarget(makeIterator).run().close();
  }

  /**
   * Looks for broken images after a step has failed, and starts again without them.
   *
   * @param position the images shown before that step
   * @return whether there were any; if not, the step failed for another reason
   */
  public boolean restartWithoutBroken(Session session, long position) {
    if (!reader.replaceBroken(position, batchSize)) {
      return false;
    }
    start(session);
    return true;
  }

  @Override
  public void close() {
    reader.close();
  }

  private <T extends TType> Operand<? extends TType> batch(
      Operand<? extends TType> elements, Class<T> type, Shape batch) {
    return tf.data.batchDataset(
        elements,
        tf.constant((long) batchSize),
        tf.constant(true),
        List.of(type),
        List.of(batch),
        new BatchDataset.Options[0]);
  }

  /** Positions of one shape to images of another. */
  private Operand<? extends TType> map(Operand<? extends TType> positions, Shape from, Shape to) {
    List<Operand<?>> arguments = reader.arguments();
    try (ConcreteFunction read =
        ConcreteFunction.create(function -> readFunction(function, from, to, arguments))) {
      return tf.data.parallelMapDataset(
          positions, arguments, tf.constant(AUTOTUNE), read, List.of(TFloat32.class), List.of(to));
    }
  }

  private Signature readFunction(Ops f, Shape from, Shape to, List<Operand<?>> arguments) {
    Signature.Builder signature = Signature.builder("read");
    Placeholder<TInt64> positions = f.placeholder(TInt64.class, Placeholder.shape(from));
    signature.input("positions", positions);
    List<Operand<?>> inside = new ArrayList<>();
    for (Operand<?> argument : arguments) {
      Operand<?> stand = f.placeholder(argument.type(), Placeholder.shape(argument.shape()));
      signature.input("argument_" + inside.size(), stand);
      inside.add(stand);
    }
    Operand<TFloat32> pixels = reader.read(f, f.reshape(positions, f.array(-1)), inside);
    Operand<TFloat32> scaled = f.math.sub(f.math.div(pixels, f.constant(127.5f)), f.constant(1f));
    return signature.output("images", f.reshape(scaled, f.constant(to.asArray()))).build();
  }
}
