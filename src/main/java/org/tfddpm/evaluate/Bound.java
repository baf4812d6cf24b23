package org.tfddpm.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.types.TFloat32;
import org.tfddpm.diffusion.ReverseVariance;
import org.tfddpm.model.Model;
import org.tfddpm.run.Images;
import org.tfddpm.sample.Pixels;

/**
 * The variational bound on the negative log-likelihood of images, L_T + sum L_{t-1} + L_0, in bits
 * per dimension (Ho et al. 2020, arXiv:2006.11239, eq. 5), one draw of x_t for each image and time
 * step, x0Hat clipped as ancestral sampling does. Estimates are means over images with their
 * standard errors.
 *
 * @param prior L_T
 * @param steps every L_{t-1}, from noise to picture; the last is L_0
 * @param total the bound
 */
public record Bound(Estimate prior, List<Step> steps, Estimate total) {
  private static final int BATCH = 64;
  private static final double HALF_RANGE = 127.5;

  /**
   * One step of the chain.
   *
   * @param t from where, 0 ... T-1
   * @param tPrev to where, -1 ... t-1
   * @param bits L_{t-1}
   * @param rate what it takes to send x_t: L_T and the terms of the steps before, bits per
   *     dimension (Ho et al. 2020, section 4.3)
   * @param distortion the root mean squared error of x0Hat given x_t, pixels 0 ... 255
   */
  public record Step(int t, int tPrev, Estimate bits, double rate, double distortion) {}

  /**
   * The reverse process whose bound it is.
   *
   * @param tau the time steps of the chain, rising
   * @param variance of it; null for the model's
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Chain(int[] tau, @Nullable ReverseVariance variance) {}

  /**
   * Of at least two images.
   *
   * @param seed of the first image's noise; they count up
   * @param done is told how many images are done
   */
  public static Bound of(
      Model model,
      Map<String, TFloat32> weights,
      Images images,
      Chain chain,
      int seed,
      IntConsumer done,
      ConfigProto config) {
    int count = images.count();
    int[] tau = chain.tau();
    double[] prior = new double[count];
    double[] total = new double[count];
    double[][] bits = new double[tau.length][count];
    double[] missed = new double[tau.length];
    try (NetworkOnData network = new NetworkOnData(model, weights, chain.variance(), config)) {
      for (int from = 0; from < count; from += BATCH) {
        float[] x0 = Pixels.signed(images, from, Math.min(BATCH, count - from));
        float[] priors = network.prior(x0, tau[tau.length - 1]);
        for (int i = 0; i < priors.length; i++) {
          prior[from + i] = priors[i];
          total[from + i] = priors[i];
        }
        for (int s = 0; s < tau.length; s++) {
          float[][] term = network.term(x0, seed + from, tau[s], s == 0 ? -1 : tau[s - 1]);
          for (int i = 0; i < priors.length; i++) {
            bits[s][from + i] = term[0][i];
            total[from + i] += term[0][i];
            missed[s] += term[1][i] / count;
          }
        }
        done.accept(from + priors.length);
      }
    }
    Estimate first = Estimate.withStandardError(prior);
    List<Step> steps = new ArrayList<>();
    double rate = first.mean();
    for (int s = tau.length - 1; s >= 0; s--) {
      Estimate each = Estimate.withStandardError(bits[s]);
      double distortion = HALF_RANGE * Math.sqrt(missed[s]);
      steps.add(new Step(tau[s], s == 0 ? -1 : tau[s - 1], each, rate, distortion));
      rate += each.mean();
    }
    return new Bound(first, steps, Estimate.withStandardError(total));
  }

  /** L_0, which the paper calls the distortion in bits per dimension. */
  public Step decoder() {
    return steps.get(steps.size() - 1);
  }
}
