package org.tfddpm.data;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
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
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TType;
import org.tfddpm.spec.BadInput;
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
 * A streamed image that turns out to be broken is replaced by the next good one, for good, its
 * label with it. Other batches do not depend on when that was found, so a continued run sees the
 * same images. Nor does any image depend on whether labels are asked for.
 */
public final class InputPipeline implements AutoCloseable {
  /** tf.data chooses how many calls run in parallel. */
  private static final long AUTOTUNE = -1;

  private static final long BATCHES_AHEAD = 2;

  private final Ops tf;
  private final int batchSize;
  private final Reader reader;
  private final @Nullable LoadedLabels loadedLabels;
  private final Op makeIterator;
  private final Operand<TFloat32> images;
  private final @Nullable Operand<TInt32> labels;

  /**
   * Adds the pipeline to a graph.
   *
   * @param seed of the order of the images
   * @param position how many images were shown before, a scalar; read when the pipeline starts
   * @param warn is told of each broken image, by name
   * @param labelled whether there are {@link #labels}; the images are the same
   * @throws BadInput if there shall be labels and the source has none, or if no image can be read
   */
  public InputPipeline(
      Ops tf,
      Source source,
      GraphSpec.Image size,
      int batchSize,
      long seed,
      Operand<TInt64> position,
      Consumer<String> warn,
      boolean labelled) {
    this.tf = tf;
    this.batchSize = batchSize;
    // Before the reader, which would be left open if the source has no labels.
    this.loadedLabels = labelled ? new LoadedLabels(tf, source.labels()) : null;
    this.reader =
        source instanceof MemorySource memory
            ? new MemoryReader(tf, memory, size, seed)
            : new StreamedReader(tf, (StreamedSource) source, size, seed, warn);
    Shape image = Shape.of(size.getHeight(), size.getWidth(), size.getChannels());
    Shape images = image.prepend(batchSize);
    Shape positions = Shape.of(batchSize);
    Elements one = labelled ? Elements.labelled(image, Shape.scalar()) : Elements.images(image);
    Elements batch = labelled ? Elements.labelled(images, positions) : Elements.images(images);
    Operand<? extends TType> range =
        tf.data.rangeDataset(
            position,
            tf.constant(Long.MAX_VALUE),
            tf.constant(1L),
            List.of(TInt64.class),
            List.of(Shape.scalar()));
    Operand<? extends TType> batches =
        reader.readsBatches()
            ? map(batch(range, Elements.positions(positions)), positions, batch)
            : batch(map(range, Shape.scalar(), one), batch);
    Operand<? extends TType> ahead =
        tf.data.prefetchDataset(batches, tf.constant(BATCHES_AHEAD), batch.types(), batch.shapes());
    Operand<? extends TType> iterator =
        tf.data.iterator("data/iterator", "", batch.types(), batch.shapes());
    makeIterator = tf.data.makeIterator(ahead, iterator);
    Iterator<Operand<TType>> next =
        tf.data.iteratorGetNext(iterator, batch.types(), batch.shapes()).iterator();
    this.images = next.next().asOutput().expect(TFloat32.class);
    this.labels = labelled ? next.next().asOutput().expect(TInt32.class) : null;
  }

  /** The next batch, [B,H,W,C] in [-1,1]. */
  public Operand<TFloat32> images() {
    return images;
  }

  /**
   * The classes of the images of the same batch, [B], as numbered by {@link Source#classNames}.
   *
   * @throws IllegalStateException if the pipeline is not labelled
   */
  public Operand<TInt32> labels() {
    if (labels == null) {
      throw new IllegalStateException("the pipeline was made without labels");
    }
    return labels;
  }

  /** Begins at the position, whatever was read ahead before. */
  public void start(Session session) {
    reader.load(session);
    if (loadedLabels != null) {
      loadedLabels.load(session);
    }
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

  private Operand<? extends TType> batch(Operand<? extends TType> elements, Elements batch) {
    return tf.data.batchDataset(
        elements,
        tf.constant((long) batchSize),
        tf.constant(true),
        batch.types(),
        batch.shapes(),
        new BatchDataset.Options[0]);
  }

  /** Positions of one shape to images, and labels, of others. */
  private Operand<? extends TType> map(
      Operand<? extends TType> positions, Shape from, Elements to) {
    List<Operand<?>> arguments = new ArrayList<>(reader.arguments());
    if (loadedLabels != null) {
      arguments.add(loadedLabels.all());
    }
    try (ConcreteFunction read =
        ConcreteFunction.create(function -> readFunction(function, from, to, arguments))) {
      return tf.data.parallelMapDataset(
          positions, arguments, tf.constant(AUTOTUNE), read, to.types(), to.shapes());
    }
  }

  private Signature readFunction(Ops f, Shape from, Elements to, List<Operand<?>> arguments) {
    Signature.Builder signature = Signature.builder("read");
    Placeholder<TInt64> positions = f.placeholder(TInt64.class, Placeholder.shape(from));
    signature.input("positions", positions);
    List<Operand<?>> inside = new ArrayList<>();
    for (Operand<?> argument : arguments) {
      Operand<?> stand = f.placeholder(argument.type(), Placeholder.shape(argument.shape()));
      signature.input("argument_" + inside.size(), stand);
      inside.add(stand);
    }
    List<Operand<?>> ofReader = inside.subList(0, reader.arguments().size());
    Operand<TInt64> indices = reader.indices(f, f.reshape(positions, f.array(-1)), ofReader);
    Operand<TFloat32> scaled = Fit.scale(f, reader.read(f, indices, ofReader));
    signature.output("images", shaped(f, scaled, to.shapes().get(0)));
    if (loadedLabels != null) {
      Operand<TInt32> labels = LoadedLabels.at(f, inside.get(ofReader.size()), indices);
      signature.output("labels", shaped(f, labels, to.shapes().get(1)));
    }
    return signature.build();
  }

  private static <T extends TType> Operand<T> shaped(Ops f, Operand<T> values, Shape shape) {
    return f.reshape(values, f.constant(shape.asArray()));
  }
}
