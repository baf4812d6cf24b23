package org.tfddpm.sample;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.proto.ConfigProto;
import org.tfddpm.diffusion.schedule.Spacing;
import org.tfddpm.model.Model;
import org.tfddpm.run.Checkpoints.Checkpoint;
import org.tfddpm.run.Images;
import org.tfddpm.run.StoredWeights;
import org.tfddpm.spec.GraphSpec;
import org.tfddpm.testing.Pixels8;
import org.tfddpm.testing.TestRuns;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ImageSamplerTest {
  private static final GraphSpec SPEC = TestRuns.fastLearning("diffusion.steps=20");
  private static final Model MODEL = Model.of(SPEC);
  private static final int COUNT = 7;

  private StoredWeights weights;

  @BeforeAll
  void train(@TempDir Path folder) throws IOException {
    Checkpoint last =
        TestRuns.train(folder.resolve("run"), SPEC).checkpoints().latest(warning -> {});
    weights = StoredWeights.read(last, StoredWeights.Kind.AVERAGED);
  }

  @AfterAll
  void close() {
    weights.close();
  }

  private Images sample(Method method, double eta, int steps, int seed, int count, int batch) {
    ImageSampler.Options options = new ImageSampler.Options(method, steps, eta, Spacing.UNIFORM);
    try (ImageSampler sampler =
        new ImageSampler(MODEL, weights.byPath(), options, ConfigProto.getDefaultInstance())) {
      return sampler.sample(seed, count, batch);
    }
  }

  /** Where noise is added at every step, a row could get that of another one. */
  @ParameterizedTest
  @CsvSource({"DDIM_DETERMINISTIC, 0", "DDIM, 1", "DDPM, 0", "HEUN, 0", "DPMPP_2M, 0"})
  void anImageDependsOnItsSeedOnly(Method method, double eta) {
    Images together = sample(method, eta, 10, 3, COUNT, COUNT);
    Pixels8.assertSame(together, sample(method, eta, 10, 3, COUNT, 2));
    Images alone = sample(method, eta, 10, 3 + 4, 1, 1);
    Pixels8.assertSame(Pixels8.row(together, 4), alone);
    // Other seeds give other images.
    assertTrue(Pixels8.different(Pixels8.row(together, 4), Pixels8.row(together, 5)) > 0.3);
  }

  @Test
  void theSameTwiceIsTheSame() {
    assertArrayEquals(
        sample(Method.DDPM, 0, 10, 0, COUNT, 3).pixels(),
        sample(Method.DDPM, 0, 10, 0, COUNT, 3).pixels());
  }

  @Test
  void etaZeroIsTheDeterministicSampler() {
    Pixels8.assertSame(
        sample(Method.DDIM_DETERMINISTIC, 0, 10, 0, COUNT, COUNT),
        sample(Method.DDIM, 0, 10, 0, COUNT, COUNT));
  }

  @Test
  void imagesAreBytesInOrder() {
    Images images = sample(Method.DDIM_DETERMINISTIC, 0, 10, 0, COUNT, 3);
    assertEquals(COUNT, images.count());
    assertEquals(COUNT * 8 * 8, images.pixels().length);
    long distinct = Arrays.stream(Pixels8.unsigned(images)).distinct().count();
    assertTrue(distinct > 20, () -> "only " + distinct + " values");
  }
}
