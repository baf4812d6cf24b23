package org.tfddpm.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
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

  @Test
  void everyOneMakesPicturesOfItsOwn() throws IOException {
    Map<ByteBuffer, String> seen = new HashMap<>(Map.of(ByteBuffer.wrap(ddim), "ddim"));
    for (String flags :
        List.of(
            "--eta 0.5",
            "--sampler ddpm",
            "--sampler ddpm --x0 keep",
            "--sampler euler --churn 5",
            "--sampler heun",
            "--sampler heun --churn 5",
            "--sampler dpmpp_2m",
            "--sampler dpmpp_3m",
            "--sampler langevin --langevin-steps 2 --snr 0.1",
            "--sampler pc --langevin-steps 2 --snr 0.1",
            "--x0 clip",
            "--x0 dynamic",
            "--x0 dynamic --percentile 1",
            "--spacing karras",
            "--spacing 3,2")) {
      String other = seen.put(ByteBuffer.wrap(pixels(flags)), flags);
      assertNull(other, () -> flags + " makes the pictures of " + other);
    }
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
    assertEquals(file + "\n", new CommandLine().succeed(command));
    byte[] npy = Files.readAllBytes(file);
    assertEquals(HEADER + 2 * IMAGE, npy.length);
    return Arrays.copyOfRange(npy, HEADER, npy.length);
  }
}
