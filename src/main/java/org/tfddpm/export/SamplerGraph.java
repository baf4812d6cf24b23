package org.tfddpm.export;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TUint8;
import org.tfddpm.diffusion.schedule.Spacing;
import org.tfddpm.model.Model;
import org.tfddpm.nn.Weights;
import org.tfddpm.sample.Method;
import org.tfddpm.sample.Pixels;
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
    Placeholder<TInt32> seed =
        tf.withName("seed").placeholder(TInt32.class, Placeholder.shape(Shape.of(-1)));
    Placeholder<TFloat32> eta =
        tf.withName("eta").placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1)));
    int all = model.schedule().steps();
    int[] published =
        IntStream.concat(IntStream.of(PUBLISHED_STEPS), IntStream.of(all))
            .filter(steps -> steps <= all)
            .distinct()
            .toArray();
    try (SamplingLoop loop =
        new SamplingLoop(tf, model, weights, Method.DDIM, Settings.of(Method.DDIM))) {
      for (int steps : published) {
        String key = "sample_" + steps;
        Operand<TUint8> image =
            Pixels.of(
                tf, loop.sample(seed, eta, Spacing.uniform(steps).timesteps(model.schedule())));
        signatures.add(
            new ServingSignature(key)
                .input("seed", seed)
                .input("eta", eta)
                .output("image", tf.withName(key + ".image").identity(image)));
        signatures.add(
            new ServingSignature(key + "_png")
                .input("seed", seed)
                .input("eta", eta)
                .output("png_bytes", tf.withName(key + "_png.png_bytes").image.encodePng(image)));
      }
    }
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
