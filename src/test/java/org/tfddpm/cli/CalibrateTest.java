package org.tfddpm.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tfddpm.run.Calibrations;
import org.tfddpm.run.Checkpoints.Checkpoint;
import org.tfddpm.run.RunDirectory;
import org.tfddpm.testing.TestRuns;

/** {@code calibrate}, and {@code sample --variance}. */
class CalibrateTest {
  @TempDir Path folder;
  private final CommandLine line = new CommandLine();

  @Test
  void analyticVarianceWantsACalibrationAndThenMakesPicturesOfItsOwn() throws IOException {
    RunDirectory directory =
        TestRuns.train(folder.resolve("run"), TestRuns.fastLearning("diffusion.steps=20"));
    assertEquals(2, sample("--variance", "analytic"));
    assertEquals(
        "tfddpm: --variance analytic: the checkpoint is not calibrated; tfddpm calibrate --run DIR"
            + " does it\n",
        line.err());
    assertEquals(2, sample("--spacing", "likelihood"));
    assertTrue(line.err().startsWith("tfddpm: --spacing likelihood: the checkpoint is not calib"));

    assertEquals(0, run("calibrate", "--run", directory.path().toString(), "--samples", "5"));
    Path file = Path.of(line.out().strip());
    assertEquals(directory.path().resolve("checkpoints/step-00000012.calibration"), file);
    Checkpoint latest = directory.checkpoints().latest(warning -> {});
    var calibration = Calibrations.of(latest).orElseThrow();
    assertEquals(20, calibration.getMeanSquaresCount());
    assertEquals(5, calibration.getSamples());
    byte[] first = Files.readAllBytes(file);
    assertEquals(0, run("calibrate", "--run", directory.path().toString(), "--samples", "5"));
    assertArrayEquals(first, Files.readAllBytes(file));

    List<String> pictures = new ArrayList<>();
    for (String[] flags :
        new String[][] {
          {},
          {"--variance", "analytic"},
          {"--eta", "0.5", "--variance", "analytic"},
          {"--sampler", "ddpm", "--variance", "analytic"},
          {"--sampler", "ddpm", "--variance", "beta_tilde"},
          {"--sampler", "ddpm", "--spacing", "likelihood"},
          {"--sampler", "ddpm"},
        }) {
      assertEquals(0, sample(flags), line.err());
      String bytes =
          new String(Files.readAllBytes(folder.resolve("a.npy")), StandardCharsets.ISO_8859_1);
      assertFalse(pictures.contains(bytes));
      pictures.add(bytes);
    }
    // The model's own variance is beta.
    assertEquals(0, sample("--sampler", "ddpm", "--variance", "beta"));
    assertEquals(
        pictures.get(pictures.size() - 1),
        new String(Files.readAllBytes(folder.resolve("a.npy")), StandardCharsets.ISO_8859_1));

    assertEquals(bound("--sampler", "ddpm", "--variance", "beta"), bound());
    assertNotEquals(bound("--variance", "analytic"), bound());

    Files.writeString(file, "samples: 5");
    assertEquals(2, sample("--variance", "analytic"));
    assertTrue(line.err().endsWith("tfddpm calibrate writes it anew\n"));
  }

  private String bound(String... flags) {
    List<String> all = new ArrayList<>(List.of("evaluate", "--metrics", "bound", "--json"));
    all.addAll(List.of("--run", folder.resolve("run").toString(), "--count", "4"));
    all.addAll(List.of(flags));
    assertEquals(0, run(all.toArray(String[]::new)), line.err());
    return line.out();
  }

  private int sample(String... flags) {
    List<String> all =
        new ArrayList<>(List.of("sample", "--run", folder.resolve("run").toString()));
    all.addAll(List.of("--count", "2", "--steps", "5", "--force"));
    all.addAll(List.of("--out", folder.resolve("a.npy").toString()));
    all.addAll(List.of(flags));
    return run(all.toArray(String[]::new));
  }

  private int run(String... arguments) {
    return line.run(List.of(arguments));
  }
}
