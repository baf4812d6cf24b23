package org.tfddpm.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.tfddpm.cli.PictureCommands.row;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.tfddpm.testing.TestImages;
import org.tfddpm.testing.TestRuns;

/** {@code sample --from-image}, of a model whose last time step is noise alone. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FromImageTest {
  private static final TestImages.Pixels STRIPES = (y, x, c) -> 40 + 20 * x;

  private Path folder;
  private PictureCommands commands;
  private Path picture;

  @BeforeAll
  void train(@TempDir Path folder) throws IOException {
    this.folder = folder;
    commands = new PictureCommands(folder);
    TestRuns.train(
        folder.resolve("run"),
        TestRuns.fastLearning(
            "diffusion.steps=20", "diffusion.zero_terminal_snr=true", "diffusion.prediction=v"));
    picture = write("stripes.png", TestImages.png(8, 8, 1, STRIPES));
  }

  @Test
  void theStrongerTheFartherFromThePicture() throws IOException {
    double before = 0;
    for (String strength : new String[] {"0.01", "0.2", "0.7"}) {
      double distance = distance(sample("--steps 20 --count 2 --strength " + strength));
      assertTrue(distance > 1.2 * before, strength + " leads " + distance + " away");
      before = distance;
      if (strength.equals("0.01")) {
        assertTrue(distance < 6, () -> "the weakest leads " + distance + " away");
      }
    }
  }

  /** With nothing of the picture in the last time step, nothing of it is left. */
  @Test
  void theWholeStrengthIsSamplingFromNoise() throws IOException {
    String flags = "--steps 5 --spacing even --count 2 --seed 4";
    assertArrayEquals(commands.pixels("sample", "run", flags), sample(flags + " --strength 1"));
  }

  @Test
  void everyPictureHasTheNoiseOfItsOwnSeed() throws IOException {
    String flags = "--steps 6 --sampler ddpm --batch 1";
    byte[] three = sample(flags + " --seed 7 --count 3");
    assertArrayEquals(row(three, 2), sample(flags + " --seed 9 --count 1"));
    assertTrue(difference(row(three, 0), row(three, 1)) > 5);
    // Half is what is taken where no strength is given.
    assertArrayEquals(three, sample(flags + " --seed 7 --count 3 --strength 0.5"));
  }

  @Test
  void picturesOfAnotherSizeAreFittedIfAsked() throws IOException {
    Path large =
        write(
            "large.bmp",
            TestImages.encode(
                TestImages.image(16, 24, 3, (y, x, c) -> 40 + 20 * ((x - 4) / 2)), "bmp"));
    commands.refuses(
        "sample",
        "run",
        "--from-image " + large,
        "--from-image "
            + large
            + ": height x width is 16x24, the model's 8x8; --resize fits it as training does");
    String flags = "--steps 20 --count 1 --strength 0.01 --resize --from-image ";
    byte[] fitted = commands.pixels("sample", "run", flags + large);
    assertTrue(distance(fitted) < 8, () -> "it is " + distance(fitted) + " away");
  }

  @Test
  void whatIsWrongIsSaidInOneLine() throws IOException {
    Path text = write("text.png", new byte[] {'h', 'i'});
    refuses("--strength 0.5", "--strength 0.5: allowed with --from-image FILE");
    refuses("--resize", "--resize: allowed with --from-image FILE");
    String from = "--from-image " + picture;
    refuses(from + " --strength 0", "--strength 0: allowed are numbers above 0, up to 1");
    refuses(from + " --strength 1.5", "--strength 1.5: allowed are numbers in 0 ... 1");
    refuses(from + " --strength NaN", "--strength NaN: allowed are numbers in 0 ... 1");
    refuses("--from-image nowhere.png", "--from-image nowhere.png: no such file");
    refuses(
        "--from-image " + text,
        "--from-image " + text + ": no picture; allowed are PNG, JPEG, BMP, GIF");
    refuses(
        "--from-image " + folder, "--from-image " + folder + ": cannot be read: Is a directory");
  }

  private void refuses(String flags, String message) {
    commands.refuses("sample", "run", flags, message);
  }

  private byte[] sample(String flags) throws IOException {
    return commands.pixels("sample", "run", flags + " --from-image " + picture);
  }

  private Path write(String name, byte[] content) throws IOException {
    return Files.write(folder.resolve(name), content);
  }

  /** Between the pictures and the one they were made from, on the average of all pixels. */
  private static double distance(byte[] pixels) {
    byte[] expected = new byte[pixels.length];
    int[] stripes = TestImages.array(8, 8, 1, STRIPES);
    for (int i = 0; i < expected.length; i++) {
      expected[i] = (byte) stripes[i % stripes.length];
    }
    return difference(expected, pixels);
  }

  private static double difference(byte[] a, byte[] b) {
    assertEquals(a.length, b.length);
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += Math.abs((a[i] & 0xFF) - (b[i] & 0xFF));
    }
    return sum / a.length;
  }
}
