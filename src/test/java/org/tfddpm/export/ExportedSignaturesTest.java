package org.tfddpm.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tfddpm.diffusion.schedule.LinearSchedule;
import org.tfddpm.diffusion.schedule.Schedule;
import org.tfddpm.diffusion.schedule.Spacing;
import org.tfddpm.model.Model;
import org.tfddpm.run.Checkpoints.Checkpoint;
import org.tfddpm.run.Images;
import org.tfddpm.spec.GraphSpec;
import org.tfddpm.testing.Floats;
import org.tfddpm.testing.Pixels8;
import org.tfddpm.testing.TestRuns;

/** The signatures as a client sees them, against the papers' equations in double. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExportedSignaturesTest {
  private static final int T = 60;
  private static final int PIXELS = 8 * 8;
  private static final GraphSpec SPEC = TestRuns.fastLearning("diffusion.steps=" + T);
  private static final Schedule SCHEDULE = LinearSchedule.of(T, 1e-4, 0.02);

  private Checkpoint checkpoint;
  private SavedModelBundle core;
  private SavedModelBundle sampler;

  private final float[] x = random(1);
  private final float[] noise = random(2);
  private final int[] t = {59, 30, 7, 0};
  private final int[] tPrev = {58, 11, 0, -1};

  @BeforeAll
  void export(@TempDir Path folder) throws IOException {
    checkpoint = TestRuns.train(folder.resolve("run"), SPEC).checkpoints().latest(warning -> {});
    List<Path> models = new Exporter(checkpoint, ExportOptions.of(folder, "tiny", "1")).export();
    core = SavedModelBundle.load(models.get(0).toString(), "serve");
    sampler = SavedModelBundle.load(models.get(1).toString(), "serve");
  }

  @AfterAll
  void close() {
    core.close();
    sampler.close();
  }

  private static double alphaBar(int t) {
    return t < 0 ? 1 : SCHEDULE.alphaBar(t);
  }

  private double x0(int i, float[] eps) {
    double alphaBar = alphaBar(t[i / PIXELS]);
    return (x[i] - Math.sqrt(1 - alphaBar) * eps[i]) / Math.sqrt(alphaBar);
  }

  @Test
  void epsIsTheTrainingsNetwork() {
    float[] eps = call("eps", "eps", Map.of("x", x, "t", t));
    assertArrayEquals(eps, call("serving_default", "eps", Map.of("x", x, "t", t)));
    try (TrainingReference training = new TrainingReference(Model.of(SPEC), checkpoint);
        TFloat32 images = Floats.tensor(x, 4, 8, 8, 1);
        TInt32 timeSteps = TInt32.vectorOf(t);
        Result expected = training.epsilon(images, timeSteps, Map.of())) {
      assertEquals(0, Floats.largestDifference(Floats.of(expected.get(0)), eps), 1e-5);
    }
    // Trained, the network says something.
    assertTrue(IntStream.range(0, eps.length).anyMatch(i -> Math.abs(eps[i]) > 0.1));
  }

  @Test
  void rowsDoNotSeeTheirNeighbours() {
    float[] together = call("eps", "eps", Map.of("x", x, "t", t));
    for (int row = 0; row < t.length; row++) {
      float[] alone = Arrays.copyOfRange(x, row * PIXELS, (row + 1) * PIXELS);
      float[] eps = call("eps", "eps", Map.of("x", alone, "t", new int[] {t[row]}));
      float[] expected = Arrays.copyOfRange(together, row * PIXELS, (row + 1) * PIXELS);
      assertEquals(0, Floats.largestDifference(expected, eps), 1e-5);
    }
  }

  /** Song et al. 2021, eq. 12 with sigma 0. */
  @Test
  void ddimStep() {
    float[] eps = call("eps", "eps", Map.of("x", x, "t", t));
    float[] given = call("ddim_step", "x_prev", Map.of("x", x, "t", t, "t_prev", tPrev));
    for (int i = 0; i < x.length; i++) {
      double next = alphaBar(tPrev[i / PIXELS]);
      double expected = Math.sqrt(next) * x0(i, eps) + Math.sqrt(1 - next) * eps[i];
      assertEquals(expected, given[i], 2e-5);
    }
  }

  /** Song et al. 2021, eq. 12 and 16, with an eta for each row. */
  @Test
  void ddimStepEta() {
    float[] eta = {0, 0.3f, 1, 1};
    Map<String, Object> inputs =
        Map.of("x", x, "t", t, "t_prev", tPrev, "eta", eta, "noise", noise);
    float[] eps = call("eps", "eps", Map.of("x", x, "t", t));
    float[] given = call("ddim_step_eta", "x_prev", inputs);
    float[] x0 = call("ddim_step_eta", "x0", inputs);
    assertEquals(0, Floats.largestDifference(eps, call("ddim_step_eta", "eps", inputs)), 1e-5);
    for (int i = 0; i < x.length; i++) {
      int row = i / PIXELS;
      double next = alphaBar(tPrev[row]);
      double sigma =
          eta[row]
              * Math.sqrt((1 - next) / (1 - alphaBar(t[row])))
              * Math.sqrt(1 - alphaBar(t[row]) / next);
      double direction = Math.sqrt(Math.max(0, 1 - next - sigma * sigma));
      double expected = Math.sqrt(next) * x0(i, eps) + direction * eps[i] + sigma * noise[i];
      assertEquals(expected, given[i], 1e-4);
      assertEquals(x0(i, eps), x0[i], 2e-5);
    }
  }

  /** Ho et al. 2020, algorithm 2 with x0 clipped (eq. 7), variance beta; no noise at the end. */
  @Test
  void ddpmStep() {
    Map<String, Object> inputs = Map.of("x", x, "t", t, "noise", noise);
    float[] eps = call("eps", "eps", Map.of("x", x, "t", t));
    float[] given = call("ddpm_step", "x_prev", inputs);
    for (int i = 0; i < x.length; i++) {
      int now = t[i / PIXELS];
      double before = alphaBar(now - 1);
      double beta = 1 - alphaBar(now) / before;
      double x0 = Math.max(-1, Math.min(1, x0(i, eps)));
      double mean =
          Math.sqrt(before) * beta / (1 - alphaBar(now)) * x0
              + Math.sqrt(1 - beta) * (1 - before) / (1 - alphaBar(now)) * x[i];
      assertEquals(mean + (now == 0 ? 0 : Math.sqrt(beta) * noise[i]), given[i], 2e-5);
    }
  }

  /** The way back: from t up to t_next with the epsilon of t. */
  @Test
  void ddimInvert() {
    int[] up = {59, 45, 8, 59};
    float[] eps = call("eps", "eps", Map.of("x", x, "t", t));
    float[] given = call("ddim_invert", "x_next", Map.of("x", x, "t", t, "t_next", up));
    for (int i = 0; i < x.length; i++) {
      double next = alphaBar(up[i / PIXELS]);
      double expected = Math.sqrt(next) * x0(i, eps) + Math.sqrt(1 - next) * eps[i];
      assertEquals(expected, given[i], 2e-5);
    }
  }

  @Test
  void noiseAndPixelsAndSchedule() {
    float[] noisy = call("q_sample", "x", Map.of("x0", x, "t", t, "noise", noise));
    float[] alphaBars = call("alpha_bar", "alpha_bar", Map.of("t", new int[] {59, 7, 0, -1}));
    assertArrayEquals(
        new float[] {(float) alphaBar(59), (float) alphaBar(7), (float) alphaBar(0), 1},
        alphaBars,
        1e-6f);
    for (int i = 0; i < x.length; i++) {
      double alphaBar = alphaBar(t[i / PIXELS]);
      assertEquals(Math.sqrt(alphaBar) * x[i] + Math.sqrt(1 - alphaBar) * noise[i], noisy[i], 1e-5);
    }
    float[] values = new float[PIXELS];
    float[] edges = {-7, -1, -0.999f, 0, 0.5f, 0.999f, 1, 7};
    System.arraycopy(edges, 0, values, 0, edges.length);
    try (Result image = Calls.run(core, "to_image", Map.of("x", values))) {
      int[] expected = {0, 0, 0, 128, 191, 255, 255, 255};
      int[] pixels = Arrays.copyOf(Floats.ofBytes(image.get(0)), edges.length);
      // 127.5 may be rounded either way.
      assertTrue(pixels[3] == 127 || pixels[3] == 128);
      expected[3] = pixels[3];
      assertArrayEquals(expected, pixels);
    }
  }

  /** Each of the lengths, as a client would loop over ddim_step from the same noise. */
  @Test
  void loopsAreSingleSteps() {
    int[] seeds = {5, 77};
    for (int steps : new int[] {10, 50, T}) {
      float[] now;
      try (TrainingReference training = new TrainingReference(Model.of(SPEC), checkpoint);
          TInt32 seed = TInt32.vectorOf(seeds);
          Result start = training.noise(seed)) {
        now = Floats.of(start.get(0));
      }
      int[] tau = Spacing.uniform(steps).timesteps(Model.of(SPEC).schedule());
      for (int i = steps - 1; i >= 0; i--) {
        int to = i == 0 ? -1 : tau[i - 1];
        now =
            call(
                "ddim_step",
                "x_prev",
                Map.of("x", now, "t", new int[] {tau[i], tau[i]}, "t_prev", new int[] {to, to}));
      }
      try (Result image = Calls.run(core, "to_image", Map.of("x", now))) {
        int[] pixels = Floats.ofBytes(image.get(0));
        byte[] bytes = new byte[pixels.length];
        for (int i = 0; i < bytes.length; i++) {
          bytes[i] = (byte) pixels[i];
        }
        Pixels8.assertSame(
            new Images(bytes, 8, 8, 1), Calls.sample(sampler, "sample_" + steps, seeds, 0f));
      }
    }
  }

  private float[] call(String signature, String output, Map<String, Object> inputs) {
    try (Result result = Calls.run(core, signature, inputs)) {
      return Floats.of(result.get(output).orElseThrow());
    }
  }

  private static float[] random(int seed) {
    Random random = new Random(seed);
    float[] values = new float[4 * PIXELS];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
