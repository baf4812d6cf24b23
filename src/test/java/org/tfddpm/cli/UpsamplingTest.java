package org.tfddpm.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.tfddpm.testing.TestImages;
import org.tfddpm.testing.TestRuns;

/** A cascade: 4x4 pictures of a model, and a model that makes 8x8 ones of them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UpsamplingTest {
  private static final int PICTURE = 64;

  private final CommandLine line = new CommandLine();
  private Path folder;
  private String first;
  private String second;

  @BeforeAll
  void train(@TempDir Path folder) throws IOException {
    this.folder = folder;
    first = folder.resolve("first").toString();
    second = folder.resolve("second").toString();
    TestRuns.train(
        Path.of(first),
        TestRuns.fastLearning("diffusion.steps=20", "image.height=4", "image.width=4"));
    TestRuns.train(
        Path.of(second),
        TestRuns.fastLearning(
            "diffusion.steps=20", "condition.upsampling=2", "training.sample_every=12"));
    Files.write(folder.resolve("dark.png"), TestImages.png(4, 4, 1, (y, x, c) -> 10));
    Files.write(folder.resolve("light.png"), TestImages.png(4, 4, 1, (y, x, c) -> 240));
    Files.write(folder.resolve("large.png"), TestImages.png(8, 8, 1, (y, x, c) -> 10));
  }

  private byte[] sample(String low, String... more) throws IOException {
    String out = folder + "/out.npy";
    List<String> command = new ArrayList<>(List.of("sample", "--run", second, "--steps", "4"));
    command.addAll(List.of("--low-resolution", low, "--out", out, "--force"));
    command.addAll(List.of(more));
    line.succeed(command);
    byte[] npy = Files.readAllBytes(Path.of(out));
    // The header has 128 bytes.
    return Arrays.copyOfRange(npy, 128, npy.length);
  }

  private static byte[] picture(byte[] all, int i) {
    return Arrays.copyOfRange(all, i * PICTURE, (i + 1) * PICTURE);
  }

  @Test
  void trainingDrawsPicturesOfTheDatasOwnLowResolution() throws IOException {
    Path grid = Path.of(second, "samples", "step-00000012.png");
    assertTrue(ImageIO.read(grid.toFile()).getWidth() > 8 * 8);
  }

  @Test
  void eachPictureIsOfItsOwnLowResolutionImageInTurn() throws IOException {
    String both = folder + "/dark.png," + folder + "/light.png";
    byte[] all = sample(both, "--count", "3", "--batch", "2");
    assertEquals(3 * PICTURE, all.length);
    byte[] dark = sample(folder + "/dark.png", "--count", "3");
    assertArrayEquals(picture(dark, 0), picture(all, 0));
    assertFalse(Arrays.equals(picture(dark, 1), picture(all, 1)));
    assertArrayEquals(picture(dark, 2), picture(all, 2));
  }

  @Test
  void whatOneStageMadeTheNextMakesLarge() throws IOException {
    String small = folder + "/small.npy";
    line.succeed(List.of("sample", "--run", first, "--count", "2", "--steps", "4", "--out", small));
    byte[] all = sample(small, "--count", "2");
    assertFalse(Arrays.equals(picture(all, 0), picture(all, 1)));
  }

  @Test
  void anyPictureIsFittedWhenAsked() throws IOException {
    assertEquals(
        2, line.run(List.of("sample", "--run", second, "--low-resolution", folder + "/large.png")));
    assertTrue(
        line.err().contains("large.png: height x width is 8x8, the model's 4x4; --resize"),
        line.err());
    sample(folder + "/large.png", "--resize", "--count", "1");
  }

  @Test
  void evaluationShowsTheDatasOwnLowResolution() {
    List<String> command = new ArrayList<>(List.of("evaluate", "--run", second, "--count", "8"));
    command.addAll(List.of("--steps", "3", "--metrics", "distances,bound"));
    assertTrue(line.succeed(command).contains("bound, the sum"));
    command.set(command.size() - 1, "reconstruction");
    assertEquals(2, line.run(command));
    assertTrue(
        line.err()
            .endsWith(
                "tfddpm: --metrics: likelihood and reconstruction are of models that see no"
                    + " low-resolution image; allowed are distances, bound\n"),
        line.err());
  }

  @Test
  void aModelThatSeesNoneWantsNoneAndOneThatDoesWantsOne() {
    String dark = folder + "/dark.png";
    assertEquals(2, line.run(List.of("sample", "--run", first, "--low-resolution", dark)));
    assertEquals(
        "tfddpm: --low-resolution: the model was trained without low-resolution images"
            + " (condition.upsampling is 1)\n",
        line.err());
    for (String command : new String[] {"sample", "interpolate --from-seed 1 --to-seed 2"}) {
      List<String> words = new ArrayList<>(List.of(command.split(" ")));
      words.addAll(List.of("--run", second));
      assertEquals(2, line.run(words));
      assertEquals(
          "tfddpm: the model makes pictures of low-resolution ones: --low-resolution PATH of sample"
              + " gives them, height x width 4x4\n",
          line.err());
    }
  }
}
