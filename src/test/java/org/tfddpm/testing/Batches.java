package org.tfddpm.testing;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.StdArrays;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TType;
import org.tfddpm.data.InputPipeline;
import org.tfddpm.data.Source;
import org.tfddpm.spec.GraphSpec;

/**
 * An input pipeline with the session it runs in. As in training, the position is a variable, and a
 * batch that fails for a broken image is taken again without it.
 */
public final class Batches implements AutoCloseable {
  private final Graph graph = new Graph();
  private final Session session;
  private final InputPipeline pipeline;
  private final Operand<TInt64> position;
  private final Op advance;
  private final List<String> warnings = new ArrayList<>();

  /** Started at a position. */
  public Batches(Source source, GraphSpec.Image size, int batchSize, long seed, long from) {
    this(source, size, batchSize, seed, from, false);
  }

  /** Started at a position, with labels or without. */
  public Batches(
      Source source, GraphSpec.Image size, int batchSize, long seed, long from, boolean labelled) {
    Ops tf = Ops.create(graph);
    Operand<? extends TType> handle =
        tf.varHandleOp(TInt64.class, Shape.scalar(), VarHandleOp.sharedName("position"));
    Ops init = tf.withInitScope();
    init.assignVariableOp(handle, init.constant(from));
    position = tf.readVariableOp(handle, TInt64.class);
    pipeline =
        new InputPipeline(tf, source, size, batchSize, seed, position, warnings::add, labelled);
    advance =
        tf.withControlDependencies(pipeline.images())
            .assignAddVariableOp(handle, tf.constant((long) batchSize));
    session = new Session(graph);
    pipeline.start(session);
  }

  /** A size of images. */
  public static GraphSpec.Image size(int height, int width, int channels) {
    return GraphSpec.Image.newBuilder()
        .setHeight(height)
        .setWidth(width)
        .setChannels(channels)
        .build();
  }

  /** The next batch, [B,H,W,C]. */
  public float[] next() {
    try (Result result = session.runner().fetch(pipeline.images()).addTarget(advance).run()) {
      return Floats.of(result.get(0));
    } catch (RuntimeException e) {
      if (!pipeline.restartWithoutBroken(session, position())) {
        throw e;
      }
      return next();
    }
  }

  /** A batch of images, [B,H,W,C], and their labels, [B]. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Labelled(float[] images, int[] labels) {}

  /** The next batch with its labels. */
  public Labelled nextLabelled() {
    try (Result result =
        session
            .runner()
            .fetch(pipeline.images())
            .fetch(pipeline.labels())
            .addTarget(advance)
            .run()) {
      TInt32 labels = (TInt32) result.get(1);
      return new Labelled(Floats.of(result.get(0)), StdArrays.array1dCopyOf(labels));
    } catch (RuntimeException e) {
      if (!pipeline.restartWithoutBroken(session, position())) {
        throw e;
      }
      return nextLabelled();
    }
  }

  /** The next batches, one after the other. */
  public List<float[]> next(int count) {
    List<float[]> batches = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      batches.add(next());
    }
    return batches;
  }

  /** Begins again at the position. */
  public void restart() {
    pipeline.start(session);
  }

  /** How many images were shown. */
  public long position() {
    try (Result result = session.runner().fetch(position).run()) {
      return ((TInt64) result.get(0)).getLong();
    }
  }

  /** What was told of broken images. */
  public List<String> warnings() {
    return warnings;
  }

  @Override
  public void close() {
    pipeline.close();
    session.close();
    graph.close();
  }
}
