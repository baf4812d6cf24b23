package org.tfddpm.diffusion;

import java.util.Arrays;
import java.util.function.Function;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tfddpm.diffusion.schedule.Schedule;
import org.tfddpm.testing.Floats;
import org.tfddpm.testing.Graphs;

/** A sampler's steps one after the other in one graph. */
final class Chain {
  private Chain() {}

  /**
   * Goes through the time steps t, falling, without noise.
   *
   * @param start numbers, each of which is an image
   * @return where each ends
   */
  static float[] run(
      Sampler sampler,
      Schedule schedule,
      Prediction prediction,
      Function<ForwardProcess, Denoiser> denoiser,
      float[] start,
      int... t) {
    return Graphs.run(
        tf -> {
          ForwardProcess q = new ForwardProcess(new Coefficients(tf, schedule));
          ReverseProcess p =
              new ReverseProcess(q, prediction, ReverseVariance.BETA, denoiser.apply(q));
          Expr x = new Expr(tf, tf.constantOf(Floats.tensor(start, start.length, 1, 1, 1)));
          Sampler.Before before = new Sampler.Before(rows(tf, t[0], start.length), x);
          for (int i = 1; i < t.length; i++) {
            Operand<TInt32> from = rows(tf, t[i - 1], start.length);
            Operand<TInt32> to = rows(tf, t[i], start.length);
            Sampler.Result result =
                sampler.step(p, x, new Sampler.Step(from, to, Chain::noNoise, before));
            before = new Sampler.Before(from, result.x0Hat());
            x = result.xPrev();
          }
          return x;
        });
  }

  private static Expr noNoise() {
    throw new AssertionError("this sampler has no noise");
  }

  private static Operand<TInt32> rows(Ops tf, int t, int rows) {
    int[] all = new int[rows];
    Arrays.fill(all, t);
    return tf.constant(all);
  }
}
