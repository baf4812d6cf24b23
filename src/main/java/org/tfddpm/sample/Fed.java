package org.tfddpm.sample;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** A run of the session, and the tensors that it was given. */
record Fed(Session.Runner runner, List<Tensor> tensors) implements AutoCloseable {
  Fed(Session.Runner runner) {
    this(runner, new ArrayList<>());
  }

  void ints(Operand<TInt32> to, IntStream values) {
    give(to, TInt32.vectorOf(values.toArray()));
  }

  void floats(Operand<TFloat32> to, double value, int count) {
    float[] values = new float[count];
    Arrays.fill(values, (float) value);
    give(to, TFloat32.vectorOf(values));
  }

  /** Gives a tensor, which is closed with this. */
  void give(Operand<?> to, Tensor tensor) {
    tensors.add(tensor);
    runner.feed(to, tensor);
  }

  @Override
  public void close() {
    tensors.forEach(Tensor::close);
  }
}
