package org.tfddpm.sample;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.ConfigProto;
import org.tfddpm.diffusion.schedule.Spacing;
import org.tfddpm.model.Model;
import org.tfddpm.run.Checkpoints.Checkpoint;
import org.tfddpm.run.StoredWeights;
import org.tfddpm.spec.GraphSpec;
import org.tfddpm.testing.TestRuns;

/** From pictures to noise and back along a trained model's time steps. */
class EncodingTest {
  private static final GraphSpec SPEC = TestRuns.fastLearning("diffusion.steps=100");
  private static final Model MODEL = Model.of(SPEC);
  private static final int COUNT = 3;
  private static final int IMAGE = 8 * 8;

  @Test
  void thePictureComesBackTheNearerTheMoreSteps(@TempDir Path folder) throws IOException {
    Checkpoint last =
        TestRuns.train(folder.resolve("run"), SPEC).checkpoints().latest(warning -> {});
    try (StoredWeights weights = StoredWeights.read(last, StoredWeights.Kind.AVERAGED)) {
      double few = error(weights, 5);
      double many = error(weights, 100);
      assertTrue(many < few / 4, () -> few + " in 5 steps, " + many + " in 100");
      assertTrue(many < 0.01, () -> "100 steps miss the pictures by " + many);
    }
  }

  /** Each picture a slope of its own, so that rows that change places are noticed. */
  private static float[] picture(int i) {
    float[] picture = new float[IMAGE];
    for (int k = 0; k < IMAGE; k++) {
      picture[k] = (k % 8 / 4f - 0.9f) * (i - 1);
    }
    return picture;
  }

  /** The mean squared error of pictures in [-1,1]. */
  private static double error(StoredWeights weights, int steps) {
    Spacing spacing = Spacing.even(steps);
    ImageSampler.Options options = new ImageSampler.Options(Method.DDIM_BOTH_WAYS, spacing);
    float[] noise =
        ends(weights, options, Chain.toNoise(options.tau(MODEL)), EncodingTest::picture);
    IntFunction<float[]> encoded = i -> Arrays.copyOfRange(noise, i * IMAGE, (i + 1) * IMAGE);
    float[] back = ends(weights, options, Chain.fromNoise(options.tau(MODEL)), encoded);
    double sum = 0;
    for (int k = 0; k < back.length; k++) {
      double difference = back[k] - picture(k / IMAGE)[k % IMAGE];
      sum += difference * difference / back.length;
    }
    return sum;
  }

  private static float[] ends(
      StoredWeights weights, ImageSampler.Options options, Chain chain, IntFunction<float[]> x) {
    try (ImageSampler sampler =
        new ImageSampler(
            MODEL, weights.byPath(), options, chain, ConfigProto.getDefaultInstance())) {
      return sampler.ends(x, COUNT, 2);
    }
  }
}
