package org.tfddpm.sample;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tensorflow.proto.ConfigProto;
import org.tfddpm.diffusion.SeededNormal;
import org.tfddpm.diffusion.Thresholding;
import org.tfddpm.diffusion.sampler.Churn;
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

  /** diffusion.steps is at most this. */
  private static final int LARGEST_T = 100_000;

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
    return sample(Settings.of(method), method, eta, steps, seed, count, batch);
  }

  private Images sample(
      Settings settings, Method method, double eta, int steps, int seed, int count, int batch) {
    ImageSampler.Options options =
        new ImageSampler.Options(method, Spacing.uniform(steps), eta, settings, Wanted.ALL);
    try (ImageSampler sampler =
        new ImageSampler(MODEL, weights.byPath(), options, ConfigProto.getDefaultInstance())) {
      return sampler.sample(seed, count, batch);
    }
  }

  /**
   * Where noise is added at every step, or a norm or percentile taken, a row could get another's.
   */
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "BY_ROW")
  void anImageDependsOnItsSeedOnly(Method method) {
    Settings settings = new Settings(Churn.of(10, 10), 3, 0.2, Thresholding.dynamic(0.9));
    Images together = sample(settings, method, 1, 10, 3, COUNT, COUNT);
    Pixels8.assertSame(together, sample(settings, method, 1, 10, 3, COUNT, 2));
    Images alone = sample(settings, method, 1, 10, 3 + 4, 1, 1);
    Pixels8.assertSame(Pixels8.row(together, 4), alone);
    // Other seeds give other images.
    assertTrue(Pixels8.different(Pixels8.row(together, 4), Pixels8.row(together, 5)) > 0.3);
  }

  /** With all that the method remembers, at any stop, and batch by batch. */
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.MATCH_ALL, names = "^(?!.*BOTH_WAYS|BY_ROW).*$")
  void filmedPicturesAreTheSame(Method method) {
    ImageSampler.Options options =
        new ImageSampler.Options(method, Spacing.uniform(5), 1, Settings.of(method), Wanted.ALL);
    try (ImageSampler sampler =
        new ImageSampler(MODEL, weights.byPath(), options, ConfigProto.getDefaultInstance())) {
      Images plain = sampler.sample(3, 3, 2);
      Film film = new Film(sampler.steps(), 4, Film.Shows.X0);
      assertArrayEquals(plain.pixels(), sampler.sample(3, 3, 2, film).pixels());
      List<Images> frames = film.frames(plain);
      assertEquals(4, frames.size());
      // The last step ends with x0Hat.
      Pixels8.assertSame(plain, frames.get(3));
      assertFalse(Arrays.equals(frames.get(0).pixels(), frames.get(3).pixels()));
    }
  }

  /** Of x the first frame is the noise itself. */
  @Test
  void aFilmBeginsWhereItIsToldTo() {
    ImageSampler.Options options =
        new ImageSampler.Options(Method.DDIM_DETERMINISTIC, Spacing.uniform(2));
    try (ImageSampler sampler =
        new ImageSampler(MODEL, weights.byPath(), options, ConfigProto.getDefaultInstance())) {
      Film film = new Film(sampler.steps(), 100, Film.Shows.X);
      List<Images> frames = film.frames(sampler.sample(5, 1, 1, film));
      assertEquals(3, frames.size());
      float[] noise = sampler.noise(5);
      int[] first = Pixels8.unsigned(frames.get(0));
      for (int i = 0; i < noise.length; i++) {
        double pixel = Math.max(0, Math.min(255, 127.5 * (noise[i] + 1)));
        assertEquals(pixel, first[i], 0.51);
      }
    }
  }

  @Test
  void theSameTwiceIsTheSame() {
    assertArrayEquals(
        sample(Method.DDPM, 0, 10, 0, COUNT, 3).pixels(),
        sample(Method.DDPM, 0, 10, 0, COUNT, 3).pixels());
  }

  @Test
  void eulersMethodIsTheDeterministicSampler() {
    assertArrayEquals(
        sample(Method.DDIM_DETERMINISTIC, 0, 10, 0, COUNT, COUNT).pixels(),
        sample(Method.EULER, 0, 10, 0, COUNT, COUNT).pixels());
  }

  @Test
  void settingsChangeTheImages() {
    for (Method method : List.of(Method.EULER, Method.PC)) {
      Images plain = sample(method, 0, 10, 0, COUNT, COUNT);
      Settings usual = Settings.of(method);
      Thresholding x0 = usual.thresholding();
      List<Settings> others =
          method == Method.EULER
              ? List.of(new Settings(Churn.of(5, 10), 1, 0, x0))
              : List.of(
                  new Settings(Churn.NONE, usual.langevinSteps() + 1, usual.snr(), x0),
                  new Settings(Churn.NONE, usual.langevinSteps(), usual.snr() / 2, x0));
      for (Settings other : others) {
        assertTrue(
            Pixels8.different(plain, sample(other, method, 0, 10, 0, COUNT, COUNT)) > 0.3,
            method + " " + other);
      }
    }
  }

  @Test
  void ancestralSamplingClipsUnlessTold() {
    Images clipped = sample(Method.DDPM, 0, 10, 0, COUNT, COUNT);
    Settings kept = new Settings(Churn.NONE, 1, 0, Thresholding.NONE);
    Images free = sample(kept, Method.DDPM, 0, 10, 0, COUNT, COUNT);
    assertTrue(Pixels8.different(clipped, free) > 0);
  }

  @Test
  void everyDrawOfTheLongestModelIsOneOfItsOwn() {
    long most = (Settings.MOST_LANGEVIN_STEPS + 1L) * LARGEST_T;
    assertTrue(most <= SeededNormal.LIMIT);
    assertThrows(
        IllegalArgumentException.class,
        () -> new Settings(Churn.NONE, Settings.MOST_LANGEVIN_STEPS + 1, 0.1, Thresholding.NONE));
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
