package org.tfddpm.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;
import org.tfddpm.diffusion.Expr;
import org.tfddpm.spec.GraphSpec;
import org.tfddpm.testing.Floats;
import org.tfddpm.testing.TestSpecs;

class TimeSamplingTest {
  private static final int T = 5;
  private static final int BATCH = 64;

  /** What a time sampling draws, when the loss at t is a number of a table. */
  private static final class Drawing implements AutoCloseable {
    private final Graph graph = new Graph();
    private final Placeholder<TInt64> step;
    private final Placeholder<TFloat32> table;
    private final TimeSampling times;
    private final Expr mean;
    private final Op remember;
    private final Session session;
    private long next;

    Drawing(String kind, int batch) {
      Ops tf = Ops.create(graph);
      step = tf.placeholder(TInt64.class, Placeholder.shape(Shape.scalar()));
      table = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(T)));
      GraphSpec spec =
          TestSpecs.tiny(
              "diffusion.time_sampling=" + kind,
              "diffusion.steps=" + T,
              "training.batch_size=" + batch);
      times = TimeSampling.of(tf, spec, new StepRandom(tf, 3, step));
      Expr losses = new Expr(tf, tf.gather(table, times.t(), tf.constant(0)));
      mean = times.mean(losses);
      remember = tf.withControlDependencies(times.remember(losses)).noOp();
      session = new Session(graph);
    }

    /** The time steps of a training step, and its mean loss behind them. */
    float[] step(float... lossAt) {
      try (TInt64 count = TInt64.scalarOf(next++);
          TFloat32 losses = TFloat32.vectorOf(lossAt);
          Result result =
              session
                  .runner()
                  .feed(step, count)
                  .feed(table, losses)
                  .addTarget(remember)
                  .fetch(times.t())
                  .fetch(mean.asOutput())
                  .run()) {
        int[] t = Floats.ints(result.get(0));
        float[] all = new float[t.length + 1];
        for (int i = 0; i < t.length; i++) {
          all[i] = t[i];
        }
        all[t.length] = Floats.of(result.get(1))[0];
        return all;
      }
    }

    @Override
    public void close() {
      session.close();
      graph.close();
    }
  }

  @Test
  void antitheticPairsTWithItsMirror() {
    for (int batch : new int[] {8, 7}) {
      try (Drawing drawing = new Drawing("ANTITHETIC", batch)) {
        float[] drawn = drawing.step(0, 0, 0, 0, 0);
        int half = (batch + 1) / 2;
        for (int i = half; i < batch; i++) {
          assertEquals(T - 1, drawn[i] + drawn[i - half]);
        }
      }
    }
  }

  @Test
  void importanceFollowsTheRootOfTheSecondMoment() {
    float[] first = {1, 2, 4, 8, 0.5f};
    float[] later = {3, 3, 3, 3, 30};
    try (Drawing drawing = new Drawing("LOSS_SECOND_MOMENT", BATCH)) {
      // Uniform until each t has ten losses, which the first batch of 64 cannot give surely.
      float[] uniform = drawing.step(first);
      assertEquals(
          expectedMean(uniform, first, new double[] {.2, .2, .2, .2, .2}), uniform[BATCH], 1e-5);
      for (int i = 0; i < 10; i++) {
        drawing.step(first);
      }
      followsTheLosses(drawing, first);
      // Ten losses are forgotten when ten new ones have come.
      for (int i = 0; i < 60; i++) {
        drawing.step(later);
      }
      followsTheLosses(drawing, later);
    }
  }

  private static void followsTheLosses(Drawing drawing, float[] losses) {
    double sum = 0;
    for (float loss : losses) {
      sum += loss;
    }
    double[] p = new double[T];
    for (int t = 0; t < T; t++) {
      p[t] = 0.999 * losses[t] / sum + 0.001 / T;
    }
    double[] drawn = new double[T];
    int batches = 100;
    for (int i = 0; i < batches; i++) {
      float[] step = drawing.step(losses);
      for (int k = 0; k < BATCH; k++) {
        drawn[(int) step[k]]++;
      }
      assertEquals(1, step[BATCH] / expectedMean(step, losses, p), 1e-4);
    }
    int all = batches * BATCH;
    for (int t = 0; t < T; t++) {
      double error = 5 * Math.sqrt(p[t] * (1 - p[t]) / all);
      assertEquals(p[t], drawn[t] / all, error, "t " + t + " of " + Arrays.toString(drawn));
    }
    assertTrue(Arrays.stream(drawn).sum() == all);
  }

  /** Of what the step drew: the mean of loss / (T p). */
  private static double expectedMean(float[] step, float[] losses, double[] p) {
    double sum = 0;
    for (int i = 0; i < BATCH; i++) {
      int t = (int) step[i];
      sum += losses[t] / (T * p[t]) / BATCH;
    }
    return sum;
  }
}
