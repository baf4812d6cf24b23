package org.tfddpm.evaluate;

import java.util.Map;
import java.util.function.IntConsumer;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.types.TFloat32;
import org.tfddpm.diffusion.schedule.Schedule;
import org.tfddpm.model.Model;
import org.tfddpm.run.Images;
import org.tfddpm.sample.Pixels;

/**
 * The likelihood of images under the probability-flow ODE, bits per dimension: the exact density of
 * x_t at the first time step by {@link ProbabilityFlow}, and from there to the picture the last
 * step of ancestral sampling, as the variational bound has it:
 *
 * <p>-log p(x_0) &lt;= E[log q(x_t|x_0) - log p_ODE(x_t)] + L_0, x_t ~ q(x_t|x_0).
 *
 * <p>The noise of that step takes the place of the uniform noise with which Song et al. 2021 turn
 * pixels into real numbers: at the first time step of a discrete schedule there is more of it, and
 * the network knows it. One draw of noise and of signs for each image.
 *
 * @param flow E[log q(x_t|x_0) - log p_ODE(x_t)]; it takes the place of the bound's rate
 * @param decoder L_0
 * @param total the sum
 */
public record Likelihood(Estimate flow, Estimate decoder, Estimate total) {
  private static final int BATCH = 64;

  /**
   * Of at least two images.
   *
   * @param tau the time steps that the ODE is solved over, rising; the network is asked twice for
   *     each but the last
   * @param seed of the first image's noise; they count up
   * @param done is told how many images are done
   * @throws IllegalArgumentException if the schedule ends in pure noise
   */
  public static Likelihood of(
      Model model,
      Map<String, TFloat32> weights,
      Images images,
      int[] tau,
      int seed,
      IntConsumer done,
      ConfigProto config) {
    int count = images.count();
    int dimension = images.height() * images.width() * images.channels();
    double[] flow = new double[count];
    double[] decoder = new double[count];
    double[] total = new double[count];
    try (NetworkOnData network = new NetworkOnData(model, weights, null, config);
        FlowNetwork field = new FlowNetwork(model, weights, config)) {
      for (int from = 0; from < count; from += BATCH) {
        int n = Math.min(BATCH, count - from);
        int first = seed + from;
        float[] x0 = Pixels.signed(images, from, n);
        float[] xt = network.noisy(x0, first, tau[0]);
        float[] lastStep = network.term(x0, first, tau[0], -1)[0];
        double[] log =
            new ProbabilityFlow(model.schedule(), (x, t) -> field.at(x, first, t))
                .logDensity(xt, n, tau);
        double[] given = logForward(model.schedule(), x0, xt, n, tau[0]);
        for (int i = 0; i < n; i++) {
          flow[from + i] = (given[i] - log[i]) / dimension / Math.log(2);
          decoder[from + i] = lastStep[i];
          total[from + i] = flow[from + i] + decoder[from + i];
        }
        done.accept(from + n);
      }
    }
    return new Likelihood(
        Estimate.withStandardError(flow),
        Estimate.withStandardError(decoder),
        Estimate.withStandardError(total));
  }

  /** log q(x_t|x_0) in nats, [n]. */
  private static double[] logForward(Schedule schedule, float[] x0, float[] xt, int n, int t) {
    double signal = Math.sqrt(schedule.alphaBar(t));
    double variance = 1 - schedule.alphaBar(t);
    int dimension = x0.length / n;
    double[] log = new double[n];
    for (int i = 0; i < x0.length; i++) {
      double noise = xt[i] - signal * x0[i];
      log[i / dimension] -= (Math.log(2 * Math.PI * variance) + noise * noise / variance) / 2;
    }
    return log;
  }
}
