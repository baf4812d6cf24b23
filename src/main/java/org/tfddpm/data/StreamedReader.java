package org.tfddpm.data;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;
import org.tfddpm.spec.GraphSpec;

/** Reads one image at a time from its file, another one where it is broken. */
final class StreamedReader implements Reader {
  private final StreamedSource source;
  private final GraphSpec.Image size;
  private final long seed;
  private final BrokenImages broken;
  private final Loaded<TInt64> replacements;
  private final List<Operand<?>> arguments = new ArrayList<>();

  StreamedReader(
      Ops tf, StreamedSource source, GraphSpec.Image size, long seed, Consumer<String> warn) {
    this.source = source;
    this.size = size;
    this.seed = seed;
    this.broken = new BrokenImages(source, size, seed, warn);
    this.replacements =
        new Loaded<>(tf, "data/replacements", TInt64.class, Shape.of(source.count()));
    arguments.add(replacements.value());
    arguments.addAll(source.arguments(tf));
  }

  @Override
  public boolean readsBatches() {
    return false;
  }

  @Override
  public List<Operand<?>> arguments() {
    return arguments;
  }

  @Override
  @SuppressWarnings("unchecked")
  public Operand<TInt64> indices(Ops tf, Operand<TInt64> positions, List<Operand<?>> arguments) {
    Operand<TInt64> index = tf.squeeze(Order.at(tf, positions, source.count(), seed));
    return tf.gather((Operand<TInt64>) arguments.get(0), index, tf.constant(0));
  }

  @Override
  public Operand<TFloat32> read(Ops tf, Operand<TInt64> index, List<Operand<?>> arguments) {
    return Fit.fit(tf, source.read(tf, index, arguments.subList(1, arguments.size())), size);
  }

  @Override
  public void load(Session session) {
    replacements.load(session, () -> TInt64.vectorOf(broken.replacements()));
  }

  @Override
  public boolean replaceBroken(long position, int count) {
    return broken.look(position, count);
  }

  @Override
  public void close() {
    broken.close();
  }
}
