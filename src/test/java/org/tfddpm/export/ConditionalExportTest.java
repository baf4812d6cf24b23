package org.tfddpm.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Tensor;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tfddpm.diffusion.schedule.Spacing;
import org.tfddpm.model.Model;
import org.tfddpm.run.Checkpoints.Checkpoint;
import org.tfddpm.run.Images;
import org.tfddpm.run.StoredWeights;
import org.tfddpm.sample.ImageSampler;
import org.tfddpm.sample.Method;
import org.tfddpm.sample.Settings;
import org.tfddpm.sample.Wanted;
import org.tfddpm.spec.GraphSpec;
import org.tfddpm.testing.Floats;
import org.tfddpm.testing.TestRuns;

/** Models that are told a label: what their signatures take, and what guidance does. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConditionalExportTest {
  private static final int CLASSES = 10;
  private static final GraphSpec SPEC =
      TestRuns.fastLearning("condition.classes=10", "diffusion.steps=60", "training.batch_size=32");
  private static final int[] T = {59, 30, 3};
  private static final int[] LABEL = {7, 0, 9};

  private final float[] x = normal(3 * 64);
  private Checkpoint checkpoint;
  private SavedModelBundle core;
  private SavedModelBundle sampler;

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

  @Test
  void signaturesThatCallTheNetworkTakeALabelAndStepsTakeGuidance() {
    assertEquals(Set.of("x", "t", "label"), inputs(core, "eps"));
    assertEquals(Set.of("x", "t", "t_prev", "label", "guidance"), inputs(core, "ddim_step"));
    assertEquals(Set.of("x", "t", "noise", "label", "guidance"), inputs(core, "ddpm_step"));
    assertEquals(Set.of("x0", "t", "noise"), inputs(core, "q_sample"));
    assertEquals(Set.of("seed", "eta", "label", "guidance"), inputs(sampler, "sample_10"));
  }

  @Test
  void labelsOfAllItsPicturesLeaveNothingToGuide(@TempDir Path folder) throws IOException {
    GraphSpec spec = TestRuns.fastLearning("condition.classes=10", "condition.label_dropout=0");
    Checkpoint trained =
        TestRuns.train(folder.resolve("run"), spec).checkpoints().latest(warning -> {});
    List<Path> models = new Exporter(trained, ExportOptions.of(folder, "tiny", "1")).export();
    try (SavedModelBundle model = SavedModelBundle.load(models.get(0).toString(), "serve")) {
      assertEquals(Set.of("x", "t", "t_prev", "label"), inputs(model, "ddim_step"));
    }
  }

  /** Ho and Salimans' equation 6; the label after the last class is none. */
  @Test
  void guidanceIsThePapers() {
    float[] w = {0, 1, 4};
    float[] with = eps(LABEL);
    float[] without = eps(new int[] {CLASSES, CLASSES, CLASSES});
    assertTrue(Floats.largestDifference(with, without) > 0.01);
    float[] guided =
        call(
            "ddim_step_eta",
            "eps",
            Map.of(
                "x", Floats.tensor(x, 3, 8, 8, 1),
                "t", TInt32.vectorOf(T),
                "t_prev", TInt32.vectorOf(20, 0, -1),
                "eta", TFloat32.vectorOf(0, 0, 0),
                "noise", Floats.tensor(x, 3, 8, 8, 1),
                "label", TInt32.vectorOf(LABEL),
                "guidance", TFloat32.vectorOf(w)));
    for (int i = 0; i < guided.length; i++) {
      float weight = w[i / 64];
      assertEquals((1 + weight) * with[i] - weight * without[i], guided[i], 2e-4);
    }
  }

  @Test
  void sampleIsThatOfTheCommand() {
    Wanted wanted = new Wanted(List.of(7, 0, 9), 2);
    ImageSampler.Options options =
        new ImageSampler.Options(
            Method.DDIM, Spacing.uniform(10), 0, Settings.of(Method.DDIM), wanted);
    Images expected;
    try (StoredWeights weights = StoredWeights.read(checkpoint, StoredWeights.Kind.AVERAGED);
        ImageSampler images =
            new ImageSampler(
                Model.of(SPEC), weights.byPath(), options, ConfigProto.getDefaultInstance())) {
      expected = images.sample(4, 3, 2);
    }
    Map<String, Tensor> inputs =
        Map.of(
            "seed", TInt32.vectorOf(4, 5, 6),
            "eta", TFloat32.vectorOf(0, 0, 0),
            "label", TInt32.vectorOf(7, 0, 9),
            "guidance", TFloat32.vectorOf(2, 2, 2));
    int[] pixels = new int[expected.pixels().length];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = expected.pixels()[i] & 0xFF;
    }
    try (Result given = sampler.function("sample_10").call(inputs)) {
      int[] served = Floats.ofBytes(given.get(0));
      assertTrue(
          IntStream.range(0, pixels.length).allMatch(i -> Math.abs(pixels[i] - served[i]) <= 1));
    } finally {
      inputs.values().forEach(Tensor::close);
    }
    // Another label is another picture.
    assertTrue(IntStream.range(0, 64).anyMatch(i -> pixels[i] != pixels[64 + i]));
  }

  private float[] eps(int[] label) {
    return call(
        "eps",
        "eps",
        Map.of(
            "x", Floats.tensor(x, 3, 8, 8, 1),
            "t", TInt32.vectorOf(T),
            "label", TInt32.vectorOf(label)));
  }

  private float[] call(String signature, String output, Map<String, Tensor> inputs) {
    try (Result result = core.function(signature).call(new HashMap<>(inputs))) {
      return Floats.of(result.get(output).orElseThrow());
    } finally {
      inputs.values().forEach(Tensor::close);
    }
  }

  private static Set<String> inputs(SavedModelBundle model, String signature) {
    return model.function(signature).signature().inputNames();
  }

  private static float[] normal(int count) {
    Random random = new Random(2);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
