package org.tfddpm.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.tfddpm.testing.TestRuns;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InterpolateTest {
  private static final int HEADER = 128;
  private static final int IMAGE = 8 * 8;
  private static final int COUNT = 5;

  private final CommandLine line = new CommandLine();
  private Path folder;

  @BeforeAll
  void train(@TempDir Path folder) throws IOException {
    this.folder = folder;
    TestRuns.train(folder.resolve("run"), TestRuns.fastLearning("diffusion.steps=20"));
    TestRuns.train(
        folder.resolve("classes"),
        TestRuns.fastLearning(
            "diffusion.steps=20", "condition.classes=10", "condition.label_dropout=0.2"));
  }

  @Test
  void beginsAndEndsWithThePicturesOfBothSeeds() throws IOException {
    for (String flags : List.of("--steps 5", "--steps 4 --spacing quadratic --x0 clip")) {
      byte[] way = interpolate("run", flags);
      assertEquals(COUNT * IMAGE, way.length);
      assertArrayEquals(sample("run", 3, flags), row(way, 0));
      assertArrayEquals(sample("run", 8, flags), row(way, COUNT - 1));
      for (int i = 1; i < COUNT; i++) {
        assertFalse(Arrays.equals(row(way, i - 1), row(way, i)), "picture " + i);
      }
    }
  }

  @Test
  void allPicturesAreOfOneClass() throws IOException {
    for (String flags : List.of("--steps 5", "--steps 5 --label 7 --guidance 2")) {
      byte[] way = interpolate("classes", flags);
      assertArrayEquals(sample("classes", 3, flags), row(way, 0));
      assertArrayEquals(sample("classes", 8, flags), row(way, COUNT - 1));
    }
  }

  @Test
  void theSameTwiceIsTheSame() throws IOException {
    assertArrayEquals(interpolate("run", "--steps 3"), interpolate("run", "--steps 3"));
  }

  @Test
  void aFolderHasThemInTheirOrder() throws IOException {
    Path pictures = folder.resolve("pictures");
    line.succeed(
        command("interpolate", "run", "--steps 2 --from-seed 0 --to-seed 1", pictures + "/"));
    try (Stream<Path> files = Files.list(pictures)) {
      assertEquals(
          List.of("picture-00000000.png", "picture-00000009.png"),
          files
              .map(f -> f.getFileName().toString())
              .filter(f -> f.matches(".*[09].png"))
              .sorted()
              .toList());
    }
  }

  @Test
  void whatIsWrongIsSaidInOneLine() {
    refuses("", "--from-seed N is needed: a whole number in 0 ... 16777215");
    refuses("--from-seed 1", "--to-seed N is needed: a whole number in 0 ... 16777215");
    refuses(
        "--from-seed 1 --to-seed 16777216",
        "--to-seed 16777216: allowed are whole numbers in 0 ... 16777215");
    refuses(
        "--from-seed -1 --to-seed 1",
        "--from-seed -1: allowed are whole numbers in 0 ... 16777215");
    refuses(
        "--from-seed 1 --to-seed 2 --count 1",
        "--count 1: allowed are whole numbers in 2 ... 10000");
    refuses("--from-seed 1 --to-seed 2 --label 3,4", "--label 3,4: allowed is one");
    assertEquals(
        2, line.run(command("interpolate", "classes", "--eta 0.5", folder.resolve("b.npy") + "")));
    assertEquals(
        "tfddpm: unknown flag --eta; known are --run, --model,", line.err().substring(0, 53));
  }

  private void refuses(String flags, String message) {
    Path out = folder.resolve("b.npy");
    assertEquals(2, line.run(command("interpolate", "classes", flags, out.toString())));
    assertEquals("tfddpm: " + message + "\n", line.err());
    assertFalse(Files.exists(out));
  }

  private byte[] interpolate(String run, String flags) throws IOException {
    return pixels(
        "interpolate", run, flags + " --batch 1 --from-seed 3 --to-seed 8 --count " + COUNT);
  }

  private byte[] sample(String run, int seed, String flags) throws IOException {
    return pixels("sample", run, flags + " --batch 1 --count 1 --seed " + seed);
  }

  private byte[] pixels(String command, String run, String flags) throws IOException {
    Path file = folder.resolve("a.npy");
    line.succeed(command(command, run, flags, file.toString()));
    assertEquals(file + "\n", line.out());
    byte[] npy = Files.readAllBytes(file);
    return Arrays.copyOfRange(npy, HEADER, npy.length);
  }

  private List<String> command(String name, String run, String flags, String out) {
    List<String> command = new ArrayList<>(List.of(name, "--run", folder.resolve(run).toString()));
    command.addAll(List.of("--out", out, "--force", "--device", "cpu"));
    command.addAll(flags.isEmpty() ? List.of() : List.of(flags.split(" ")));
    return command;
  }

  private static byte[] row(byte[] all, int i) {
    return Arrays.copyOfRange(all, i * IMAGE, (i + 1) * IMAGE);
  }
}
