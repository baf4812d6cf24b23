package org.tfddpm.sample;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tfddpm.diffusion.Expr;
import org.tfddpm.diffusion.ReverseProcess;
import org.tfddpm.diffusion.SeededNormal;
import org.tfddpm.diffusion.sampler.DdimSampler;
import org.tfddpm.diffusion.sampler.HeunSampler;
import org.tfddpm.diffusion.sampler.Sampler;
import org.tfddpm.model.Conditions;
import org.tfddpm.model.Model;
import org.tfddpm.nn.FrozenWeights;
import org.tfddpm.nn.Net;
import org.tfddpm.run.RunDirectory;
import org.tfddpm.run.StoredWeights;
import org.tfddpm.testing.Floats;
import org.tfddpm.testing.Graphs;
import org.tfddpm.testing.TestRuns;

/** A guide inside the loop's body, whose gradient is built there, against its steps outside. */
class GuideTest {
  private static final int[] TAU = {1, 14};
  private static final int[] SEEDS = {3, 700_000, 5};

  /** The third row asks for no class. */
  private static final int[] LABELS = {7, 2, 10};

  @TempDir Path folder;

  /** Heun's method looks twice a step. */
  @Test
  void theLoopIsItsGuidedSteps() throws IOException {
    String[] both = {
      "diffusion.steps=20", "diffusion.variance=learned_range", "diffusion.loss=vlb"
    };
    RunDirectory run = TestRuns.train(folder.resolve("run"), TestRuns.fastLearning(both));
    RunDirectory classifier =
        TestRuns.train(
            folder.resolve("classifier"),
            TestRuns.fastLearning("diffusion.steps=20", "classifier.classes=10"));
    Model model = Model.of(run.spec());
    try (StoredWeights weights = averaged(run);
        StoredWeights ofGuide = averaged(classifier)) {
      Guide guide = new Guide(Model.of(classifier.spec()), shaken(ofGuide.byPath()), 40);
      Settings guided = Settings.of(Method.HEUN).with(guide);
      float[] given = loop(model, weights, guided);
      float[] expected = Graphs.run(tf -> steps(tf, model, weights, guide));
      assertArrayEquals(expected, given, 1e-4f);
      float[] plain = loop(model, weights, Settings.of(Method.HEUN));
      int image = plain.length / 3;
      for (int row = 0; row < 3; row++) {
        float[] led = java.util.Arrays.copyOfRange(given, row * image, (row + 1) * image);
        float[] free = java.util.Arrays.copyOfRange(plain, row * image, (row + 1) * image);
        double moved = Floats.largestDifference(led, free);
        assertTrue(row == 2 ? moved < 1e-4 : moved > 0.01, "row " + row + " moved by " + moved);
      }
    }
  }

  private static float[] loop(Model model, StoredWeights weights, Settings settings) {
    return Graphs.run(
        tf -> {
          Operand<TInt32> labels = settings.classes(model) > 0 ? tf.constant(LABELS) : null;
          Rows rows = new Rows(tf.constant(SEEDS), tf.constant(new float[3]), labels, null, null);
          try (SamplingLoop loop =
              new SamplingLoop(
                  tf, model, new FrozenWeights(weights.byPath()), Method.HEUN, settings, false)) {
            return loop.sample(rows, TAU);
          }
        });
  }

  private static Operand<TFloat32> steps(Ops tf, Model model, StoredWeights weights, Guide guide) {
    Net net = Net.inference(tf, new FrozenWeights(weights.byPath()));
    ReverseProcess p = guide.lead(model.reverse(net, Conditions.NONE), tf.constant(LABELS));
    Expr drawn = SeededNormal.of(tf, tf.constant(SEEDS), tf.constant(0), 8, 8, 1);
    // No constant, or TensorFlow would calculate all of it while it plans the graph.
    Expr x = Expr.of(tf, tf.placeholderWithDefault(drawn, Shape.of(3, 8, 8, 1)));
    for (int i = TAU.length - 1; i >= 0; i--) {
      Expr from = x;
      Sampler.Step step =
          new Sampler.Step(
              rows(tf, TAU[i]), rows(tf, i == 0 ? -1 : TAU[i - 1]), () -> from, List.of());
      x = new HeunSampler(DdimSampler.DETERMINISTIC).step(p, x, step).xPrev();
    }
    return x;
  }

  private static Operand<TInt32> rows(Ops tf, int t) {
    return tf.constant(new int[] {t, t, t});
  }

  /** Far from where weights begin, where nothing is told apart. */
  private static Map<String, TFloat32> shaken(Map<String, TFloat32> weights) {
    Map<String, TFloat32> all = new HashMap<>();
    weights.forEach(
        (path, weight) -> {
          Random random = new Random(path.hashCode());
          float[] values = Floats.of(weight);
          for (int i = 0; i < values.length; i++) {
            values[i] += (float) (0.3 * random.nextGaussian());
          }
          all.put(path, Floats.tensor(values, weight.shape().asArray()));
        });
    return all;
  }

  private static StoredWeights averaged(RunDirectory run) throws IOException {
    return StoredWeights.read(run.checkpoints().latest(warning -> {}), StoredWeights.Kind.AVERAGED);
  }
}
