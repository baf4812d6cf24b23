package org.tfddpm.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.tfddpm.cli.PictureCommands.row;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tfddpm.testing.TestRuns;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InterpolateTest {
  private static final int COUNT = 4;
  private static final String SEEDS = "--from-seed 3 --to-seed 8";

  private Path folder;
  private PictureCommands commands;

  @BeforeAll
  void train(@TempDir Path folder) throws IOException {
    this.folder = folder;
    commands = new PictureCommands(folder);
    TestRuns.train(
        folder.resolve("run"),
        TestRuns.fastLearning(
            "diffusion.steps=20", "condition.classes=10", "condition.label_dropout=0.2"));
  }

  /** Without a label sample's first picture is of the first class, and so are all of these. */
  @ParameterizedTest
  @ValueSource(
      strings = {"--steps 5", "--steps 4 --spacing quadratic --x0 clip --label 7 --guidance 2"})
  void beginsAndEndsWithThePicturesOfBothSeeds(String flags) throws IOException {
    byte[] way = interpolate(flags);
    assertEquals(COUNT * 64, way.length);
    assertArrayEquals(sample(3, flags), row(way, 0));
    assertArrayEquals(sample(8, flags), row(way, COUNT - 1));
    for (int i = 1; i < COUNT; i++) {
      assertFalse(Arrays.equals(row(way, i - 1), row(way, i)), "picture " + i);
    }
    assertArrayEquals(way, interpolate(flags));
  }

  @Test
  void aFolderHasThemInTheirOrder() throws IOException {
    Path pictures = folder.resolve("pictures");
    commands.succeed("interpolate", "run", "--steps 1 --count 2 " + SEEDS, pictures + "/");
    try (Stream<Path> files = Files.list(pictures)) {
      assertEquals(
          List.of("picture-00000000.png", "picture-00000001.png"),
          files.map(file -> file.getFileName().toString()).sorted().toList());
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
    refuses(SEEDS + " --count 1", "--count 1: allowed are whole numbers in 2 ... 10000");
    refuses(SEEDS + " --label 3,4", "--label 3,4: allowed is one");
    refuses(
        SEEDS + " --eta 0.5",
        "unknown flag --eta; known are --run, --model, --from-seed, --to-seed, --count,"
            + " --checkpoint, --weights, --label, --guidance, --guidance-rescale, --steps,"
            + " --spacing, --x0, --percentile, --batch, --device, --out, --force, --help,"
            + " --verbose");
  }

  private void refuses(String flags, String message) {
    commands.refuses("interpolate", "run", flags, message);
  }

  /** One at a time: batches of other sizes may round otherwise. */
  private byte[] interpolate(String flags) throws IOException {
    String all = flags + " --batch 1 " + SEEDS + " --count " + COUNT;
    return commands.pixels("interpolate", "run", all);
  }

  private byte[] sample(int seed, String flags) throws IOException {
    return commands.pixels("sample", "run", flags + " --batch 1 --count 1 --seed " + seed);
  }
}
