package org.tfddpm.export;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TUint8;
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
  /** Numbers of steps that callers may rely on, beside T itself. */
  private static final int[] PUBLISHED_STEPS = {10, 50};

  private final Graph graph = new Graph();
  private final List<ServingSignature> signatures = new ArrayList<>();

  /**
   * Builds the graph.
   *
   * @param weights constants
   */
  SamplerGraph(Model model, Weights weights) {
    Ops tf = Ops.create(graph);
    Settings settings = Settings.of(Method.DDIM);
    Rows rows = Rows.placeholders(tf, model, settings, true);
    int all = model.schedule().steps();
    int[] published =
        IntStream.concat(IntStream.of(PUBLISHED_STEPS), IntStream.of(all))
            .filter(steps -> steps <= all)
            .distinct()
            .toArray();
    try (SamplingLoop loop = new SamplingLoop(tf, model, weights, Method.DDIM, settings, true)) {
      for (int steps : published) {
        String key = "sample_" + steps;
        Operand<TUint8> image =
            Pixels.of(tf, loop.sample(rows, Spacing.uniform(steps).timesteps(model.schedule())));
        signature(key, rows).output("image", tf.withName(key + ".image").identity(image));
        signature(key + "_png", rows)
            .output("png_bytes", tf.withName(key + "_png.png_bytes").image.encodePng(image));
      }
    }
  }

  private ServingSignature signature(String key, Rows rows) {
    ServingSignature signature =
        new ServingSignature(key).input("seed", rows.seed()).input("eta", rows.eta());
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
    return signature;
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
