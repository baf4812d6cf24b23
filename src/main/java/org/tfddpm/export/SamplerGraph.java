package org.tfddpm.export;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;
import org.tfddpm.diffusion.AnalyticVariance;
import org.tfddpm.diffusion.Expr;
import org.tfddpm.diffusion.schedule.Spacing;
import org.tfddpm.model.Model;
import org.tfddpm.nn.Weights;
import org.tfddpm.sample.Method;
import org.tfddpm.sample.Pixels;
import org.tfddpm.sample.Rows;
import org.tfddpm.sample.SamplingLoop;
import org.tfddpm.sample.Settings;

/**
 * The sampler model: from a seed to a picture in one call. All its loops share one body, so the
 * weights are in it once.
 */
final class SamplerGraph implements AutoCloseable {
  /** Longer loops would keep a new version from serving for minutes, and their body is the same. */
  private static final int MOST_WARMED_STEPS = 100;

  private final Graph graph = new Graph();
  private final List<ServingSignature> signatures = new ArrayList<>();

  private final Ops tf = Ops.create(graph);
  private final Rows rows;

  /**
   * Builds the graph.
   *
   * @param weights constants
   * @param published numbers of steps
   * @param analytic the variance, if it is known
   */
  SamplerGraph(
      Model model, Weights weights, List<Integer> published, Optional<AnalyticVariance> analytic) {
    Settings settings = Settings.of(Method.BY_ROW);
    if (analytic.isPresent()) {
      settings = settings.with(analytic.get());
    }
    rows = Rows.placeholders(tf, model, settings, true);
    int all = model.schedule().steps();
    try (SamplingLoop loop = new SamplingLoop(tf, model, weights, Method.BY_ROW, settings, true)) {
      Expr noise = loop.noise(rows);
      for (int steps : published) {
        int[] tau = Spacing.uniform(steps).timesteps(model.schedule());
        String key = "sample_" + steps;
        boolean warmed = steps <= MOST_WARMED_STEPS;
        signatures(key, loop.sample(by(Method.OfRow.DDIM, rows.eta()), noise, tau), true, warmed);
        if (steps == all) {
          continue;
        }
        if (analytic.isPresent()) {
          Expr images = loop.sample(by(Method.OfRow.ANALYTIC, rows.eta()), noise, tau);
          signatures(key + "_analytic", images, true, warmed);
        }
        // Every row has an eta, if only for its number of rows.
        Operand<TFloat32> none =
            tf.dtypes.cast(tf.math.mul(rows.seed(), tf.constant(0)), TFloat32.class);
        signatures(
            key + "_fast", loop.sample(by(Method.OfRow.DPMPP_2M, none), noise, tau), false, warmed);
      }
    }
  }

  /** The rows, all of one sampler. */
  private Rows by(Method.OfRow sampler, Operand<TFloat32> eta) {
    Operand<TFloat32> number = tf.constant(sampler.number());
    return rows.with(eta, tf.math.add(tf.math.mul(eta, tf.constant(0f)), number));
  }

  /** Images as pixels and as PNG. */
  private void signatures(String key, Expr images, boolean withEta, boolean warmed) {
    Operand<TUint8> image = tf.withName(key + ".image").identity(Pixels.of(tf, images));
    signature(key, withEta, warmed).output("image", image);
    signature(key + "_png", withEta, warmed)
        .output("png_bytes", tf.withName(key + "_png.png_bytes").image.encodePng(image));
  }

  private ServingSignature signature(String key, boolean withEta, boolean warmed) {
    ServingSignature signature = new ServingSignature(key).input("seed", rows.seed());
    if (withEta) {
      signature.input("eta", rows.eta());
    }
    if (rows.label() != null) {
      signature.input("label", rows.label());
    }
    if (rows.low() != null) {
      signature.input("low", rows.low());
    }
    if (rows.guidance() != null) {
      signature.input("guidance", rows.guidance());
    }
    signatures.add(signature);
    return warmed ? signature : signature.unwarmed();
  }

  Graph graph() {
    return graph;
  }

  List<ServingSignature> signatures() {
    return signatures;
  }

  @Override
  public void close() {
    graph.close();
  }
}
