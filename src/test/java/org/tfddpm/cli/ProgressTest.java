package org.tfddpm.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.tfddpm.cli.PictureCommands.row;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.tfddpm.testing.TestRuns;

/** {@code sample --progress} and {@code sample --grid}. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProgressTest {
  private static final int CELL = 56 + 2;

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
    TestRuns.train(folder.resolve("plain"), TestRuns.fastLearning("training.steps=1"));
  }

  /** With a sampler that goes by the steps before, and noise of its own for one that takes it. */
  @Test
  void picturesAreTheSameAndTheStripEndsWithThem() throws IOException {
    for (String sampler : new String[] {"dpmpp_3m", "ddpm"}) {
      String flags = "--steps 7 --count 3 --batch 2 --sampler " + sampler;
      byte[] plain = commands.pixels("sample", "run", flags);
      Path strip = folder.resolve("strip.png");
      Path npy = folder.resolve("with.npy");
      commands.succeed(
          "sample", "run", flags + " --progress " + strip + " --frames 4", npy.toString());
      byte[] with = Files.readAllBytes(npy);
      assertArrayEquals(plain, java.util.Arrays.copyOfRange(with, 128, with.length));
      BufferedImage image = ImageIO.read(strip.toFile());
      assertEquals(4 * CELL + 2, image.getWidth());
      assertEquals(3 * CELL + 2, image.getHeight());
      for (int i = 0; i < 3; i++) {
        for (int k = 0; k < 64; k++) {
          int sample =
              image.getRaster().getSample(3 * CELL + 3 + k % 8 * 7, i * CELL + 3 + k / 8 * 7, 0);
          assertEquals(row(plain, i)[k] & 0xFF, sample, sampler + " " + i + " " + k);
        }
      }
    }
  }

  @Test
  void aGifHasAFrameForEachLook() throws IOException {
    Path gif = folder.resolve("moves.gif");
    String flags = "--steps 5 --count 2 --frames-of x --progress " + gif;
    commands.succeed("sample", "run", flags, folder.resolve("a.png").toString());
    ImageReader reader = ImageIO.getImageReadersByFormatName("gif").next();
    reader.setInput(ImageIO.createImageInputStream(gif.toFile()));
    assertEquals(6, reader.getNumImages(true));
  }

  /** Picture by picture what sample makes of the label and the seed. */
  @Test
  void aGridHasEveryLabelWithEverySeed() throws IOException {
    String how = " --steps 4 --guidance 1 --batch 1";
    byte[] grid =
        commands.pixels("sample", "run", "--grid label,seed --label 7,2 --seed 5 --count 3" + how);
    byte[] turned =
        commands.pixels("sample", "run", "--grid seed,label --label 7,2 --seed 5 --count 3" + how);
    assertEquals(6 * 64, grid.length);
    String[] labels = {"7", "2"};
    for (int label = 0; label < 2; label++) {
      byte[] one =
          commands.pixels(
              "sample", "run", "--label " + labels[label] + " --seed 5 --count 3" + how);
      for (int seed = 0; seed < 3; seed++) {
        assertArrayEquals(row(one, seed), row(grid, 3 * label + seed));
        assertArrayEquals(row(one, seed), row(turned, 2 * seed + label));
      }
    }
    Path png = folder.resolve("grid.png");
    commands.succeed("sample", "run", "--grid label,seed --steps 1", png.toString());
    BufferedImage image = ImageIO.read(png.toFile());
    assertEquals(10 * CELL + 2, image.getWidth());
    assertEquals(10 * CELL + 2, image.getHeight());
    commands.succeed("sample", "run", "--grid seed,label --steps 1 --count 2", png.toString());
    assertEquals(2 * CELL + 2, ImageIO.read(png.toFile()).getHeight());
  }

  @Test
  void whatIsWrongIsSaidInOneLine() throws IOException {
    refuses("run", "--frames 4", "--frames 4: allowed with --progress FILE");
    refuses("run", "--frames-of x", "--frames-of x: allowed with --progress FILE");
    refuses("run", "--progress a.mp4", "--progress a.mp4: allowed are X.png, X.gif");
    String gif = "--progress " + folder.resolve("never.gif");
    refuses("run", gif + " --frames 1", "--frames 1: allowed are whole numbers in 2 ... 1000");
    refuses("run", gif + " --frames-of y", "--frames-of y: allowed are x0, x");
    refuses("run", "--grid label", "--grid label: allowed are label,seed and seed,label");
    refuses("run", "--grid label,seed " + gif, gif + ": not allowed with --grid");
    refuses(
        "plain",
        "--grid label,seed",
        "--grid label,seed: the model was trained without classes (condition.classes is 0)");
    assertTrue(Files.notExists(folder.resolve("never.gif")));
  }

  private void refuses(String run, String flags, String message) {
    commands.refuses("sample", run, flags, message);
  }
}
