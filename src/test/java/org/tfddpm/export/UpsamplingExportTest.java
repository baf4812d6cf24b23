package org.tfddpm.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tfddpm.run.Checkpoints.Checkpoint;
import org.tfddpm.testing.Floats;
import org.tfddpm.testing.TestRuns;

/** A model that sees a low-resolution image and a label: what its signatures take and do. */
class UpsamplingExportTest {
  @Test
  void signaturesTakeTheLowResolutionImageOfEachRow(@TempDir Path folder) throws IOException {
    Checkpoint checkpoint =
        TestRuns.train(
                folder.resolve("run"),
                TestRuns.fastLearning(
                    "condition.upsampling=2",
                    "condition.classes=10",
                    "diffusion.steps=10",
                    "training.sample_every=0"))
            .checkpoints()
            .latest(warning -> {});
    // It compares with the training's network itself, guidance included.
    List<Path> models = new Exporter(checkpoint, ExportOptions.of(folder, "tiny", "1")).export();
    try (SavedModelBundle core = SavedModelBundle.load(models.get(0).toString(), "serve");
        SavedModelBundle sampler = SavedModelBundle.load(models.get(1).toString(), "serve")) {
      assertEquals(Set.of("x", "t", "label", "low"), inputs(core, "eps"));
      assertEquals(
          Set.of("x", "t", "t_prev", "label", "low", "guidance"), inputs(core, "ddim_step"));
      assertEquals(Set.of("seed", "eta", "label", "low", "guidance"), inputs(sampler, "sample_10"));
      Shape low =
          Objects.requireNonNull(core.function("eps").signature().getInputs().get("low")).shape;
      assertArrayEquals(new long[] {-1, 4, 4, 1}, low.asArray());

      float[] dark = eps(core, -1, -1);
      float[] half = eps(core, -1, 1);
      assertArrayEquals(Arrays.copyOf(dark, 64), Arrays.copyOf(half, 64), 1e-6f);
      float[] other = Arrays.copyOfRange(half, 64, 128);
      assertTrue(Floats.largestDifference(Arrays.copyOfRange(dark, 64, 128), other) > 1e-3);
    }
  }

  private static Set<String> inputs(SavedModelBundle model, String signature) {
    return model.function(signature).signature().inputNames();
  }

  /** eps of the same noise, for low-resolution images of these two greys. */
  private static float[] eps(SavedModelBundle model, float first, float second) {
    float[] x = new float[128];
    float[] low = new float[32];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) Math.sin(i % 64);
    }
    Arrays.fill(low, 0, 16, first);
    Arrays.fill(low, 16, 32, second);
    Map<String, Tensor> inputs =
        Map.of(
            "x", Floats.tensor(x, 2, 8, 8, 1),
            "t", TInt32.vectorOf(5, 5),
            "label", TInt32.vectorOf(3, 3),
            "low", Floats.tensor(low, 2, 4, 4, 1));
    try (Result result = model.function("eps").call(new HashMap<>(inputs))) {
      return Floats.of((TFloat32) result.get("eps").orElseThrow());
    } finally {
      inputs.values().forEach(Tensor::close);
    }
  }
}
