package org.tfddpm.sample;

import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.buffer.ByteDataBuffer;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.ndarray.buffer.FloatDataBuffer;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/** Runs a graph batch by batch, and puts together what comes of it. */
record BatchRuns(SamplingGraph graph, ImageSampler.Options options, Pictures pictures, int batch) {
  /** Takes what came of the rows from ... from + n - 1. */
  private interface Taker {
    void take(Tensor tensor, int from, int n);
  }

  /** A batch: the rows from ... from + n - 1. */
  interface Batch {
    void run(int from, int n);
  }

  /**
   * Pixels, [N,H,W,C].
   *
   * @param x where the chains begin, [H,W,C] each; null for the noise of their seeds
   * @param progress is told how many are made
   */
  byte[] bytes(Operand<TUint8> asked, @Nullable IntFunction<float[]> x, IntConsumer progress) {
    byte[] all = new byte[Math.multiplyExact(pictures.count(), graph.size())];
    ByteDataBuffer bytes = DataBuffers.of(all, false, false);
    run(
        asked,
        x,
        (tensor, from, n) -> ((TUint8) tensor).copyTo(bytes.slice(place(from), place(n))),
        progress);
    return all;
  }

  /** The same of values. */
  float[] floats(Operand<TFloat32> asked, @Nullable IntFunction<float[]> x) {
    float[] all = new float[Math.multiplyExact(pictures.count(), graph.size())];
    FloatDataBuffer values = DataBuffers.of(all, false, false);
    run(
        asked,
        x,
        (tensor, from, n) -> ((TFloat32) tensor).copyTo(values.slice(place(from), place(n))),
        done -> {});
    return all;
  }

  /** All batches, one after the other. */
  void each(Batch run) {
    for (int done = 0; done < pictures.count(); done += batch) {
      run.run(done, Math.min(batch, pictures.count() - done));
    }
  }

  private void run(
      Operand<?> asked, @Nullable IntFunction<float[]> x, Taker taker, IntConsumer progress) {
    each(
        (from, n) -> {
          try (Fed fed = graph.fed(options, pictures, from, n)) {
            if (x != null) {
              fed.images(graph.start().x(), i -> x.apply(from + i), n);
            }
            try (Result result = fed.runner().fetch(asked).run()) {
              taker.take(result.get(0), from, n);
            }
          }
          progress.accept(from + n);
        });
  }

  private long place(int row) {
    return (long) row * graph.size();
  }
}
