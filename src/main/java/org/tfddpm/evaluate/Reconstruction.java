package org.tfddpm.evaluate;

import java.util.Map;
import java.util.function.IntConsumer;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.types.TFloat32;
import org.tfddpm.model.Model;
import org.tfddpm.run.Images;

/**
 * How well DDIM decodes what it has encoded: from x_0 along the probability-flow ODE to x_T and
 * back, S steps each way (Song et al. 2020, arXiv:2010.02502, section 5.4 and table 2). The first
 * step to noise goes by epsilonHat(x_0, tau_0).
 */
public final class Reconstruction {
  private static final int BATCH = 64;

  private Reconstruction() {}

  /**
   * The mean squared error per dimension of images in [0,1], and its standard error over the
   * images, of which there are at least two.
   *
   * @param tau the time steps that are visited, rising
   */
  public static Estimate error(
      Model model,
      Map<String, TFloat32> weights,
      Images images,
      int[] tau,
      IntConsumer done,
      ConfigProto config) {
    int count = images.count();
    double[] errors = new double[count];
    try (NetworkOnData network = new NetworkOnData(model, weights, config)) {
      int dimension = network.dimension();
      for (int from = 0; from < count; from += BATCH) {
        float[] x0 = Signed.of(images, from, Math.min(BATCH, count - from));
        float[] x = network.begin(x0, tau[0]);
        for (int s = 1; s < tau.length; s++) {
          x = network.move(x, tau[s - 1], tau[s]);
        }
        for (int s = tau.length - 1; s >= 0; s--) {
          x = network.move(x, tau[s], s == 0 ? -1 : tau[s - 1]);
        }
        for (int i = 0; i < x.length; i++) {
          // Half of a difference in [-1,1] is one in [0,1].
          double difference = (x[i] - x0[i]) / 2.0;
          errors[from + i / dimension] += difference * difference / dimension;
        }
        done.accept(from + x.length / dimension);
      }
    }
    return Estimate.withStandardError(errors);
  }
}
