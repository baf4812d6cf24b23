package org.tfddpm.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tfddpm.testing.TestRuns;

/** {@code sample} with every sampler and every flag of one. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SamplersTest {
  private static final int HEADER = 128;
  private static final int IMAGE = 8 * 8;

  private Path folder;
  private byte[] ddim;

  @BeforeAll
  void train(@TempDir Path folder) throws IOException {
    this.folder = folder;
    TestRuns.train(folder.resolve("run"), TestRuns.fastLearning("diffusion.steps=20"));
    ddim = pixels("");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--eta 0.5",
        "--sampler ddpm --x0 keep",
        "--sampler euler --churn 5",
        "--sampler heun --churn 5",
        "--sampler dpmpp_2m",
        "--sampler dpmpp_3m",
        "--sampler langevin --langevin-steps 2 --snr 0.1",
        "--sampler pc --langevin-steps 2 --snr 0.1",
        "--x0 dynamic --percentile 0.5",
        "--spacing karras",
        "--spacing 3,2",
      })
  void everyOneMakesPicturesOfItsOwn(String flags) throws IOException {
    assertTrue(!Arrays.equals(ddim, pixels(flags)));
  }

  @Test
  void eulersMethodMakesThePicturesOfDdim() throws IOException {
    assertArrayEquals(ddim, pixels("--sampler euler --churn 0"));
  }

  /** Two pictures of five steps. */
  private byte[] pixels(String flags) throws IOException {
    Path file = folder.resolve("a.npy");
    List<String> command =
        new ArrayList<>(List.of("sample", "--run", folder.resolve("run").toString()));
    command.addAll(List.of("--count", "2", "--out", file.toString(), "--force"));
    command.addAll(List.of("--device", "cpu", "--steps", "5"));
    command.addAll(flags.isEmpty() ? List.of() : List.of(flags.split(" ")));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exit =
        Main.run(
            command,
            new Console(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                false));
    assertEquals(0, exit, err.toString(StandardCharsets.UTF_8));
    assertEquals(file + "\n", out.toString(StandardCharsets.UTF_8));
    byte[] npy = Files.readAllBytes(file);
    assertEquals(HEADER + 2 * IMAGE, npy.length);
    return Arrays.copyOfRange(npy, HEADER, npy.length);
  }
}
