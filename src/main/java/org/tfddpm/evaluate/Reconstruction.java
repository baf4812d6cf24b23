package org.tfddpm.evaluate;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.types.TFloat32;
import org.tfddpm.diffusion.schedule.Spacing;
import org.tfddpm.model.Model;
import org.tfddpm.run.Images;
import org.tfddpm.sample.Chain;
import org.tfddpm.sample.ImageSampler;
import org.tfddpm.sample.Method;
import org.tfddpm.sample.Pixels;
import org.tfddpm.sample.Wanted;

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
    int dimension = images.height() * images.width() * images.channels();
    double[] errors = new double[count];
    ImageSampler.Options options = options(model, tau.length);
    try (ImageSampler up = new ImageSampler(model, weights, options, Chain.toNoise(tau), config);
        ImageSampler down =
            new ImageSampler(model, weights, options, Chain.fromNoise(tau), config)) {
      for (int from = 0; from < count; from += BATCH) {
        int n = Math.min(BATCH, count - from);
        float[] x0 = Pixels.signed(images, from, n);
        float[] noise = up.ends(row -> row(x0, row, dimension), n, n);
        float[] x = down.ends(row -> row(noise, row, dimension), n, n);
        for (int i = 0; i < x.length; i++) {
          // Half of a difference in [-1,1] is one in [0,1].
          double difference = (x[i] - x0[i]) / 2.0;
          errors[from + i / dimension] += difference * difference / dimension;
        }
        done.accept(from + n);
      }
    }
    return Estimate.withStandardError(errors);
  }

  /** Of a model with classes, the one that is told none. */
  private static ImageSampler.Options options(Model model, int steps) {
    NetworkOnData.refuseWithoutNoLabel(model);
    NetworkOnData.refuseUpsampling(model);
    ImageSampler.Options options =
        new ImageSampler.Options(Method.DDIM_BOTH_WAYS, Spacing.uniform(steps));
    return model.isConditional()
        ? options.with(new Wanted(List.of(model.spec().getCondition().getClasses()), 0))
        : options;
  }

  private static float[] row(float[] rows, int row, int size) {
    return Arrays.copyOfRange(rows, row * size, (row + 1) * size);
  }
}
