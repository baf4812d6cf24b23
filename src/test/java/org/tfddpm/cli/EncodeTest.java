package org.tfddpm.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.tfddpm.cli.PictureCommands.row;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.tfddpm.run.Npy;
import org.tfddpm.testing.TestImages;
import org.tfddpm.testing.TestRuns;

/** {@code encode}, {@code decode} and {@code inpaint}, of given pictures. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EncodeTest {
  private static final TestImages.Pixels STRIPES = (y, x, c) -> 40 + 20 * x;

  private Path folder;
  private PictureCommands commands;
  private Path picture;
  private Path large;
  private Path noise;
  private Path lower;

  @BeforeAll
  void train(@TempDir Path folder) throws IOException {
    this.folder = folder;
    commands = new PictureCommands(folder);
    TestRuns.train(folder.resolve("run"), TestRuns.fastLearning("diffusion.steps=100"));
    picture = write("stripes.png", TestImages.png(8, 8, 1, STRIPES));
    large = write("large.png", TestImages.png(16, 24, 1, STRIPES));
    // Colours with alpha: the one is grey 128 or more, the other just below.
    TestImages.Pixels half = (y, x, c) -> c == 3 ? 9 * x : y >= 4 ? 128 : 127;
    lower = write("lower.png", TestImages.png(8, 8, 4, half));
    noise = folder.resolve("x.npy");
  }

  /** Heun's method, of second order, within a hundredth of the range; DDIM within a tenth. */
  @Test
  void decodingGivesTheEncodedPicturesBack() throws IOException {
    byte[] stripes = stripes();
    assertEquals(0, largest(stripes, back("heun", "--steps 100", picture)), 3);
    int many = largest(stripes, back("ddim", "--steps 100", picture));
    int few = largest(stripes, back("ddim", "--steps 5", picture));
    assertEquals(0, many, 26);
    assertTrue(few > many, () -> few + " and " + many);
  }

  /** Files, an array or a folder, in their order, one at a time or together. */
  @Test
  void takesManyPictures() throws IOException {
    byte[] two = commands.pixels("sample", "run", "--steps 5 --count 2");
    byte[] npy = Files.readAllBytes(folder.resolve("pixels.npy"));
    Path array = write("two.npy", npy);
    commands.succeed("sample", "run", "--steps 5 --count 2", folder.resolve("two") + "/");
    byte[] ofArray = back("heun", "--steps 50 --batch 1", array);
    assertEquals(0, largest(two, ofArray), 10);
    assertArrayEquals(ofArray, back("heun", "--steps 50 --batch 1", folder.resolve("two")));
    Path files = folder.resolve("two/seed-00000001.png");
    byte[] both = back("heun", "--steps 50 --batch 1", Path.of(files + "," + picture));
    assertArrayEquals(row(ofArray, 1), row(both, 0));
    assertEquals(0, largest(stripes(), row(both, 1)), 6);
  }

  @Test
  void whatIsWrongWithEncodingIsSaidInOneLine() throws IOException {
    refuses("encode", "", "--image PATH is needed: FILE,FILE,..., a folder or X.npy");
    refuses("encode", "--image no.png", "--image no.png: no such file");
    refuses(
        "encode",
        "--image " + picture + "," + large,
        "--image "
            + large
            + ": height x width is 16x24, the model's 8x8; --resize fits it as training does");
    Path empty = Files.createDirectories(folder.resolve("empty"));
    refuses(
        "encode",
        "--image " + empty,
        "--image " + empty + ": no .png, .jpg, .jpeg, .bmp or .gif in it");
    Path floats = write("floats.npy", Npy.of(new float[64], 1, 8, 8, 1));
    refuses(
        "encode",
        "--image " + floats,
        "--image " + floats + ": <f4 [1, 8, 8, 1]: allowed is uint8 [N,8,8,1], N at least 1");
    refuses(
        "encode",
        "--image " + picture + " --sampler ddpm",
        "--sampler ddpm: allowed are ddim, heun");
    refuses(
        "encode",
        "--image " + picture + " --label 3",
        "--label 3: the model was trained without classes (condition.classes is 0)");
    commands.succeed("encode", "run", "--steps 1 --resize --image " + large, noise.toString());
  }

  @Test
  void whatIsWrongWithDecodingIsSaidInOneLine() throws IOException {
    refuses("decode", "", "--noise X.npy is needed: what encode has written");
    refuses("decode", "--noise no.npy", "--noise no.npy: no such file");
    refuses("decode", "--noise " + picture, "--noise " + picture + ": no .npy file");
    Path other = write("other.npy", Npy.of(new float[4], 1, 2, 2, 1));
    refuses(
        "decode",
        "--noise " + other,
        "--noise " + other + ": <f4 [1, 2, 2, 1]: allowed is float32 [N,8,8,1], N at least 1");
    refuses(
        "decode",
        "--noise " + other + " --sampler pc",
        "--sampler pc: allowed are ddim, euler, heun, dpmpp_2m, dpmpp_3m");
  }

  /** All of the known half, and of the other one something new for each seed. */
  @Test
  void paintsOnlyWhereTheMaskIsWhite() throws IOException {
    String flags = "--steps 10 --resample 2 --count 2 --image " + picture + " --mask " + lower;
    for (String sampler : new String[] {"ddpm", "ddim --eta 0.5"}) {
      byte[] painted = commands.pixels("inpaint", "run", flags + " --sampler " + sampler);
      byte[] stripes = stripes();
      for (int i = 0; i < 2; i++) {
        byte[] one = row(painted, i);
        assertArrayEquals(Arrays.copyOf(stripes, 32), Arrays.copyOf(one, 32));
        assertTrue(largest(stripes, one) > 20);
      }
      assertTrue(largest(row(painted, 0), row(painted, 1)) > 20);
      assertArrayEquals(
          row(painted, 1),
          commands.pixels(
              "inpaint", "run", flags + " --seed 1 --batch 1 --count 1 --sampler " + sampler));
    }
  }

  /** Nothing known and nothing gone twice: the picture that sample makes of the seed. */
  @Test
  void aWholeMaskIsSampling() throws IOException {
    Path all = write("all.png", TestImages.png(8, 8, 1, (y, x, c) -> 255));
    String flags = "--steps 10 --sampler ddpm --count 2 --seed 4";
    assertArrayEquals(
        commands.pixels("sample", "run", flags),
        commands.pixels(
            "inpaint", "run", flags + " --resample 1 --image " + picture + " --mask " + all));
  }

  @Test
  void whatIsWrongWithInpaintingIsSaidInOneLine() throws IOException {
    refuses("inpaint", "", "--image FILE is needed");
    String image = "--image " + picture;
    refuses("inpaint", image, "--mask FILE is needed");
    refuses("inpaint", image + " --mask no.png", "--mask no.png: no such file");
    refuses(
        "inpaint",
        image + " --mask " + large,
        "--mask "
            + large
            + ": height x width is 16x24, the model's 8x8; --resize fits it as training does");
    Path black = write("black.png", TestImages.png(8, 8, 1, (y, x, c) -> 127));
    refuses(
        "inpaint",
        image + " --mask " + black,
        "--mask " + black + ": nothing is to be painted: none of it is white (128 or more of 255)");
    String both = image + " --mask " + lower;
    refuses(
        "inpaint", both + " --resample 0", "--resample 0: allowed are whole numbers in 1 ... 1000");
    refuses("inpaint", both + " --jump 0", "--jump 0: allowed are whole numbers in 1 ... 100000");
    refuses(
        "inpaint", both + " --resample 1 --jump 3", "--jump 3: allowed with --resample 2 or more");
    refuses(
        "inpaint",
        both + " --steps 10 --jump 10",
        "--jump 10: allowed with 10 steps are whole numbers below that");
    refuses("inpaint", both + " --sampler heun", "--sampler heun: allowed are ddim, ddpm");
    refuses(
        "inpaint", both + " --eta 0.5", "--eta 0.5: allowed with --sampler ddim, not with ddpm");
  }

  private void refuses(String command, String flags, String message) {
    commands.refuses(command, "run", flags, message);
  }

  /** What becomes of pictures that are encoded and decoded. */
  private byte[] back(String sampler, String flags, Path pictures) throws IOException {
    String both = flags + " --sampler " + sampler;
    commands.succeed("encode", "run", both + " --image " + pictures, noise.toString());
    return commands.pixels("decode", "run", both + " --noise " + noise);
  }

  private Path write(String name, byte[] content) throws IOException {
    return Files.write(folder.resolve(name), content);
  }

  private static byte[] stripes() {
    byte[] pixels = new byte[64];
    for (int i = 0; i < 64; i++) {
      pixels[i] = (byte) STRIPES.at(i / 8, i % 8, 0);
    }
    return pixels;
  }

  private static int largest(byte[] a, byte[] b) {
    assertEquals(a.length, b.length);
    int largest = 0;
    for (int i = 0; i < a.length; i++) {
      largest = Math.max(largest, Math.abs((a[i] & 0xFF) - (b[i] & 0xFF)));
    }
    return largest;
  }
}
