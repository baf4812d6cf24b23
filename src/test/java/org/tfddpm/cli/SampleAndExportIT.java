package org.tfddpm.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tfddpm.testing.TestRuns;
import org.tfddpm.testing.Tfddpm;
import org.tfddpm.testing.Tfddpm.Result;
import org.tfddpm.testing.Trees;

/** {@code sample}, {@code export} and {@code inspect} as processes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SampleAndExportIT {
  private static final int HEADER = 128;
  private static final int IMAGE = 8 * 8;

  private Path folder;

  @BeforeAll
  void train(@TempDir Path folder) throws IOException {
    this.folder = folder;
    TestRuns.train(folder.resolve("run"), TestRuns.fastLearning());
  }

  private byte[] pixels(String out, String... flags) throws IOException {
    String[] command = Arrays.copyOf(new String[] {"sample", "--out", out}, 3 + flags.length);
    System.arraycopy(flags, 0, command, 3, flags.length);
    Result result = Tfddpm.succeed(folder, command);
    assertEquals(out + "\n", result.out());
    byte[] npy = Files.readAllBytes(folder.resolve(out));
    return Arrays.copyOfRange(npy, HEADER, npy.length);
  }

  @Test
  void pictureIHasSeedPlusIInEveryFormAndBatch() throws IOException {
    byte[] npy = pixels("a.npy", "--run", "run", "--count", "5", "--seed", "40", "--batch", "2");
    assertEquals(5 * IMAGE, npy.length);
    byte[] one = pixels("b.npy", "--run", "run", "--count", "1", "--seed", "43");
    assertArrayEquals(Arrays.copyOfRange(npy, 3 * IMAGE, 4 * IMAGE), one);

    Tfddpm.succeed(
        folder, "sample", "--run", "run", "--count", "5", "--seed", "40", "--out", "each/");
    assertEquals(
        "seed-00000040.png seed-00000041.png seed-00000042.png seed-00000043.png"
            + " seed-00000044.png",
        Trees.of(folder.resolve("each")));
    BufferedImage png = ImageIO.read(folder.resolve("each/seed-00000043.png").toFile());
    assertEquals(8, png.getWidth());
    for (int i = 0; i < IMAGE; i++) {
      assertEquals(one[i] & 0xFF, png.getRaster().getSample(i % 8, i / 8, 0));
    }
    Tfddpm.succeed(folder, "sample", "--run", "run", "--count", "5", "--out", "grid.png");
    BufferedImage grid = ImageIO.read(folder.resolve("grid.png").toFile());
    assertTrue(grid.getWidth() >= 3 * 8 && grid.getHeight() >= 2 * 8);
  }

  @Test
  void whatIsThereIsOverwrittenOnlyWhenTold() throws IOException {
    Path file = Files.writeString(folder.resolve("mine.png"), "mine");
    String[] command = {"sample", "--run", "run", "--count", "1", "--out", "mine.png"};
    Result refused = Tfddpm.run(folder, command);
    assertEquals(2, refused.exit());
    assertEquals(
        "tfddpm: --out mine.png: is there already; --force overwrites it\n", refused.err());
    assertEquals("mine", Files.readString(file));
    String[] forced = Arrays.copyOf(command, command.length + 1);
    forced[command.length] = "--force";
    Tfddpm.succeed(folder, forced);
    assertTrue(ImageIO.read(file.toFile()).getWidth() >= 8);
  }

  @Test
  void samplersAndWeightsDiffer() throws IOException {
    byte[] plain = pixels("plain.npy", "--run", "run", "--count", "2");
    byte[] live = pixels("live.npy", "--run", "run", "--count", "2", "--weights", "live");
    byte[] ddpm = pixels("ddpm.npy", "--run", "run", "--count", "2", "--sampler", "ddpm");
    byte[] spaced = pixels("spaced.npy", "--run", "run", "--count", "2", "--spacing", "quadratic");
    for (byte[] other : List.of(live, ddpm, spaced)) {
      assertTrue(!Arrays.equals(plain, other));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--steps 1001 | --steps 1001: allowed are whole numbers in 1 ... 1000",
        "--steps 0 | --steps 0: allowed are whole numbers in 1 ... 1000",
        "--spacing 10,501 | --spacing 10,501: 501 time steps in section 2: allowed are 0 ... 500",
        "--eta 2 | --eta 2: allowed are numbers in 0 ... 1",
        "--checkpoint 7 | --checkpoint 7: there is none in run/checkpoints; known are 6, 9, 12",
      })
  void whatTheModelCannotDoIsRefused(String flag, String message) {
    List<String> command = new ArrayList<>(List.of("sample", "--run", "run", "--out", "no.png"));
    command.addAll(List.of(flag.split(" ")));
    Result refused = Tfddpm.run(folder, command.toArray(String[]::new));
    assertEquals("tfddpm: " + message + "\n", refused.err());
    assertEquals(2, refused.exit());
    assertTrue(Files.notExists(folder.resolve("no.png")));
  }

  @Test
  void anExportedModelSamplesAsItsRunAndTellsWhatItIs() throws IOException {
    Result exported =
        Tfddpm.succeed(folder, "export", "--run", "run", "--name", "tiny", "--out", "models");
    assertEquals("models/tiny/1\nmodels/tiny_sampler/1\n", exported.out());
    byte[] run = pixels("run.npy", "--run", "run", "--count", "3");
    assertArrayEquals(run, pixels("core.npy", "--model", "models/tiny", "--count", "3"));
    assertArrayEquals(
        run, pixels("sampler.npy", "--model", "models/tiny_sampler/1", "--count", "3"));

    Result inspected = Tfddpm.succeed(folder, "inspect", "models/tiny", "--json");
    Map<String, Object> facts = JSON.std.mapFrom(inspected.out());
    assertEquals(Map.of("height", 8, "width", 8, "channels", 1), facts.get("image"));
    assertEquals(Map.of("steps", 1000), facts.get("diffusion"));
    assertEquals(12, facts.get("step"));
    assertTrue(String.valueOf(facts.get("parameters")).matches("[0-9]{5}"));
    Map<?, ?> signatures = (Map<?, ?>) Objects.requireNonNull(facts.get("signatures"));
    assertEquals(
        Map.of(
            "inputs",
            Map.of("t", "int32 [-1]", "t_prev", "int32 [-1]", "x", "float32 [-1,8,8,1]"),
            "outputs",
            Map.of("x_prev", "float32 [-1,8,8,1]")),
        signatures.get("ddim_step"));
    String words = Tfddpm.succeed(folder, "inspect", "models/tiny_sampler/1").out();
    assertTrue(
        words.contains("sample_50(eta float32 [-1], seed int32 [-1]) -> image uint8 [-1,8,8,1]"),
        words);

    Path file = folder.resolve("models/tiny/1/saved_model.pb");
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length / 2));
    Result cut = Tfddpm.run(folder, "sample", "--model", "models/tiny", "--out", "cut.png");
    assertEquals(2, cut.exit());
    assertEquals("tfddpm: --model models/tiny: cannot be read\n", cut.err());
    assertTrue(Files.notExists(folder.resolve("cut.png")));
  }

  @Test
  void whatIsInspectedIsNamed() {
    assertTrue(Tfddpm.succeed(folder, "inspect", "run").out().contains("step           12\n"));
    Result wrong = Tfddpm.run(folder, "inspect", ".");
    assertEquals(2, wrong.exit());
    assertEquals("tfddpm: .: neither a run directory nor an exported model\n", wrong.err());
    String help = Tfddpm.succeed(folder, "--help").out();
    for (String command : List.of("train", "sample", "export", "inspect")) {
      assertTrue(help.contains("\n  " + command + " "), help);
      String own = Tfddpm.succeed(folder, command, "--help").out();
      assertTrue(own.contains("usage: tfddpm " + command), own);
      assertEquals(own.getBytes(StandardCharsets.US_ASCII).length, own.length());
    }
    assertTrue(Tfddpm.succeed(folder, "--version").out().contains("TensorFlow 2.18"));
  }
}
