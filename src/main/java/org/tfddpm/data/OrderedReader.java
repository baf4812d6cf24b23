package org.tfddpm.data;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.ndarray.buffer.FloatDataBuffer;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TType;
import org.tfddpm.spec.BadInput;
import org.tfddpm.spec.GraphSpec;

/**
 * Each image of a source once, in the source's own order, as the model would see it in training.
 * Broken ones are told of and left out. It has a graph and a session of its own.
 */
public final class OrderedReader implements AutoCloseable {
  private final Source source;
  private final int batch;
  private final int imageSize;
  private final Consumer<String> warn;
  private final int[] labels;
  private final Graph graph = new Graph();
  private final Session session;
  private final Placeholder<? extends TType> asked;
  private final Operand<TFloat32> images;
  private long position;
  private boolean anyGood;

  /**
   * Stands before the first image.
   *
   * @param size of the images that come out
   * @param batch how many come at a time, at least 1
   * @param warn is told of each broken image, by name
   * @param config of the session
   * @throws BadInput if the source has labels that cannot be read
   */
  public OrderedReader(
      Source source, GraphSpec.Image size, int batch, Consumer<String> warn, ConfigProto config) {
    this.source = source;
    this.batch = batch;
    this.imageSize = size.getHeight() * size.getWidth() * size.getChannels();
    this.warn = warn;
    this.labels = source.classNames().isEmpty() ? new int[0] : source.labels().ofImages();
    Ops tf = Ops.create(graph);
    Operand<TUint8> pixels;
    if (source instanceof MemorySource memory) {
      Placeholder<TUint8> fed = tf.placeholder(TUint8.class, Placeholder.shape(shape(memory, -1)));
      asked = fed;
      pixels = fed;
    } else {
      StreamedSource streamed = (StreamedSource) source;
      Placeholder<TInt64> index = tf.placeholder(TInt64.class, Placeholder.shape(Shape.scalar()));
      asked = index;
      pixels = streamed.read(tf, index, streamed.arguments(tf));
    }
    images = Fit.scale(tf, Fit.fit(tf, pixels, size));
    session = new Session(graph, config);
  }

  /**
   * Some images.
   *
   * @param images [n,H,W,C] in [-1,1]
   * @param labels of each of them, as numbered by {@link Source#classNames}; empty if the source
   *     has none
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Batch(float[] images, int[] labels, int n) {}

  /** Number of images, the broken ones with them. */
  public long count() {
    return source.count();
  }

  /**
   * The images that follow, as many as fit in a batch; the last batch has what is left. Empty after
   * the last one.
   *
   * @throws BadInput at the end, if no image could be read
   */
  public Optional<Batch> next() {
    float[] values = new float[batch * imageSize];
    int[] classes = new int[labels.length == 0 ? 0 : batch];
    int n = 0;
    while (n < batch && position < count()) {
      int read = read(values, n);
      if (labels.length > 0) {
        System.arraycopy(labels, (int) position, classes, n, read);
      }
      n += read;
      position += Math.max(1, read);
    }
    if (n == 0) {
      return Optional.empty();
    }
    return Optional.of(
        new Batch(
            Arrays.copyOf(values, n * imageSize),
            Arrays.copyOf(classes, Math.min(n, classes.length)),
            n));
  }

  /**
   * Reads images from the position on, as many as are read at once.
   *
   * @param n how many the batch has
   * @return how many were read, 0 if the image at the position is broken
   */
  private int read(float[] values, int n) {
    int count = source instanceof MemorySource ? (int) Math.min(batch - n, count() - position) : 1;
    try (TType fed = tensor(count);
        Result result = session.runner().feed(asked, fed).fetch(images).run()) {
      FloatDataBuffer all = DataBuffers.of(values, false, false);
      ((TFloat32) result.get(0)).copyTo(all.slice((long) n * imageSize, (long) count * imageSize));
      anyGood = true;
      return count;
    } catch (RuntimeException e) {
      // TensorFlow Java has no common type for what a run throws.
      if (!(source instanceof StreamedSource streamed)) {
        throw e;
      }
      warn.accept(BrokenImages.warning(streamed, position, e));
      if (!anyGood && position + 1 == count()) {
        throw BrokenImages.noneIsGood(streamed, e);
      }
      return 0;
    }
  }

  /** What the graph is asked for images from the position on. */
  private TType tensor(int count) {
    if (source instanceof MemorySource memory) {
      int one = memory.height() * memory.width() * memory.channels();
      int from = (int) position * one;
      byte[] pixels = Arrays.copyOfRange(memory.pixels(), from, from + count * one);
      return TUint8.tensorOf(shape(memory, count), DataBuffers.of(pixels, true, false));
    }
    return TInt64.scalarOf(position);
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }

  private static Shape shape(MemorySource source, long n) {
    return Shape.of(n, source.height(), source.width(), source.channels());
  }
}
