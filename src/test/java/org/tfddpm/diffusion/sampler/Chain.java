package org.tfddpm.diffusion.sampler;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tfddpm.diffusion.Coefficients;
import org.tfddpm.diffusion.Denoiser;
import org.tfddpm.diffusion.Expr;
import org.tfddpm.diffusion.ForwardProcess;
import org.tfddpm.diffusion.Prediction;
import org.tfddpm.diffusion.ReverseProcess;
import org.tfddpm.diffusion.ReverseVariance;
import org.tfddpm.diffusion.Thresholding;
import org.tfddpm.diffusion.schedule.Schedule;
import org.tfddpm.testing.Floats;
import org.tfddpm.testing.Graphs;

/**
 * A sampler's steps one after the other in one graph.
 *
 * @param values of an image
 */
public record Chain(
    Sampler sampler,
    Schedule schedule,
    Prediction prediction,
    Function<ForwardProcess, Denoiser> denoiser,
    Thresholding thresholding,
    int values) {
  /** Of images that are single numbers, whose x0Hat is left as it is. */
  public Chain(
      Sampler sampler,
      Schedule schedule,
      Prediction prediction,
      Function<ForwardProcess, Denoiser> denoiser) {
    this(sampler, schedule, prediction, denoiser, Thresholding.NONE, 1);
  }

  /** Goes through the time steps t without noise; where each number of start ends. */
  public float[] run(float[] start, int... t) {
    return run(List.of(start), t);
  }

  /**
   * Goes through the time steps t without noise.
   *
   * @param known the numbers at the first time steps of t; where the last of them ends is asked
   */
  public float[] run(List<float[]> known, int... t) {
    return Graphs.run(
        tf -> {
          ForwardProcess q = new ForwardProcess(new Coefficients(tf, schedule));
          ReverseProcess p =
              new ReverseProcess(
                  q, prediction, ReverseVariance.BETA, thresholding, denoiser.apply(q));
          Expr start = images(tf, known.get(0));
          List<Sampler.Before> before = new ArrayList<>();
          for (int i = 0; i < known.size() - 1; i++) {
            Operand<TInt32> at = rows(tf, t[i], start);
            before.add(0, new Sampler.Before(at, p.estimate(images(tf, known.get(i)), at).x0Hat()));
          }
          Expr x = images(tf, known.get(known.size() - 1));
          while (before.size() < 2) {
            before.add(new Sampler.Before(rows(tf, t[0], start), x));
          }
          for (int i = known.size(); i < t.length; i++) {
            Operand<TInt32> from = rows(tf, t[i - 1], start);
            Sampler.Step step =
                new Sampler.Step(from, rows(tf, t[i], start), Chain::noNoise, List.copyOf(before));
            Sampler.Result result = sampler.step(p, x, step);
            before.add(0, new Sampler.Before(from, result.x0Hat()));
            x = result.xPrev();
          }
          return x;
        });
  }

  private Expr images(Ops tf, float[] numbers) {
    return new Expr(
        tf, tf.constantOf(Floats.tensor(numbers, numbers.length / values, 1, 1, values)));
  }

  private static Expr noNoise() {
    throw new AssertionError("this sampler has no noise");
  }

  private static Operand<TInt32> rows(Ops tf, int t, Expr images) {
    int[] all = new int[(int) images.shape().get(0)];
    Arrays.fill(all, t);
    return tf.constant(all);
  }

  /** Ancestral sampling with this variance, whatever the process has. */
  static Sampler ancestral(ReverseVariance variance) {
    return (p, x, step) -> new DdpmSampler().step(p.withVariance(variance), x, step);
  }
}
