package org.tfddpm.data;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TUint8;
import org.tfddpm.spec.GraphSpec;

/** Reads whole batches out of one tensor of pixels. */
final class MemoryReader implements Reader {
  private final MemorySource source;
  private final GraphSpec.Image size;
  private final long seed;
  private final Loaded<TUint8> pixels;

  MemoryReader(Ops tf, MemorySource source, GraphSpec.Image size, long seed) {
    this.source = source;
    this.size = size;
    this.seed = seed;
    this.pixels = new Loaded<>(tf, "data/pixels", TUint8.class, shape());
  }

  @Override
  public boolean readsBatches() {
    return true;
  }

  @Override
  public List<Operand<?>> arguments() {
    return List.of(pixels.value());
  }

  @Override
  public Operand<TInt64> indices(Ops tf, Operand<TInt64> positions, List<Operand<?>> arguments) {
    return Order.at(tf, positions, source.count(), seed);
  }

  @Override
  @SuppressWarnings("unchecked")
  public Operand<TFloat32> read(Ops tf, Operand<TInt64> indices, List<Operand<?>> arguments) {
    Operand<TUint8> all = (Operand<TUint8>) arguments.get(0);
    return Fit.fit(tf, tf.gather(all, indices, tf.constant(0)), size);
  }

  @Override
  public void load(Session session) {
    pixels.load(
        session, () -> TUint8.tensorOf(shape(), DataBuffers.of(source.pixels(), true, false)));
  }

  @Override
  public boolean replaceBroken(long position, int count) {
    return false;
  }

  @Override
  public void close() {}

  private Shape shape() {
    return Shape.of(source.count(), source.height(), source.width(), source.channels());
  }
}
