package org.tfddpm.sample;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** A run of the session, and the tensors that it was given. */
public record Fed(Session.Runner runner, List<Tensor> tensors) implements AutoCloseable {
  /** Given nothing as yet. */
  public Fed(Session.Runner runner) {
    this(runner, new ArrayList<>());
  }

  /** Gives whole numbers, one a row. */
  public void ints(Operand<TInt32> to, IntStream values) {
    give(to, TInt32.vectorOf(values.toArray()));
  }

  void floats(Operand<TFloat32> to, double value, int count) {
    float[] values = new float[count];
    Arrays.fill(values, (float) value);
    give(to, TFloat32.vectorOf(values));
  }

  /** Gives n images, [n,H,W,C], of as many values as the place has. */
  void images(Operand<TFloat32> to, IntFunction<float[]> image, int n) {
    Shape shape = to.shape().tail();
    int size = Math.toIntExact(shape.size());
    float[] values = new float[n * size];
    for (int i = 0; i < n; i++) {
      System.arraycopy(image.apply(i), 0, values, i * size, size);
    }
    give(to, TFloat32.tensorOf(shape.prepend(n), DataBuffers.of(values, true, false)));
  }

  /** Gives a tensor, which is closed with this. */
  public void give(Operand<?> to, Tensor tensor) {
    tensors.add(tensor);
    runner.feed(to, tensor);
  }

  @Override
  public void close() {
    tensors.forEach(Tensor::close);
  }
}
