package org.tfddpm.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tfddpm.testing.TestRuns;

/**
 * Commands with a classifier of noisy images: as a guide, as features, where they need pictures.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClassifierTest {
  private static final String STEPS = "diffusion.steps=20";

  private final CommandLine line = new CommandLine();
  private Path folder;
  private PictureCommands pictures;

  @BeforeAll
  void train(@TempDir Path folder) throws IOException {
    this.folder = folder;
    pictures = new PictureCommands(folder);
    train("run", STEPS);
    train("guide", STEPS, "classifier.classes=10", "training.steps=100", "training.batch_size=16");
    train("five-steps", "diffusion.steps=5", "classifier.classes=10");
    train("cosine", STEPS, "diffusion.schedule=cosine", "classifier.classes=10");
    train("small", STEPS, "image.height=4", "image.width=4", "classifier.classes=10");
  }

  private void train(String name, String... settings) throws IOException {
    TestRuns.train(folder.resolve(name), TestRuns.fastLearning(settings));
  }

  @Test
  void aClassifierLeadsPicturesToTheirLabels() throws IOException {
    String flags = "--count 12 --steps 5 --seed 3";
    byte[] free = pictures.pixels("sample", "run", flags);
    String by = flags + " --classifier " + folder.resolve("guide");
    assertArrayEquals(free, pictures.pixels("sample", "run", by + " --classifier-scale 0"));
    byte[] led = pictures.pixels("sample", "run", by + " --classifier-scale 100 --batch 5");
    assertTrue(different(free, led) > 100);
    // All classes in turn, the eleventh picture again of the first.
    String labels = " --classifier-scale 100 --label 0,1,2,3,4,5,6,7,8,9";
    assertArrayEquals(led, pictures.pixels("sample", "run", by + labels));
    byte[] sevens = pictures.pixels("sample", "run", by + " --classifier-scale 100 --label 7");
    assertArrayEquals(PictureCommands.row(led, 7), PictureCommands.row(sevens, 7));
    assertTrue(different(PictureCommands.row(led, 0), PictureCommands.row(sevens, 0)) > 0);
    byte[] none = pictures.pixels("sample", "run", by + " --classifier-scale 100 --label none");
    assertArrayEquals(free, none);
  }

  private static long different(byte[] a, byte[] b) {
    long count = 0;
    for (int i = 0; i < a.length; i++) {
      count += a[i] == b[i] ? 0 : 1;
    }
    return count;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          run | it makes pictures; allowed is a run of a graph with classifier.classes above 0
          missing | no run directory, it has no spec.textproto
          five-steps | diffusion.steps 5, allowed is the model's 20
          cosine | another schedule, at t = 0 alphaBar 0.9920072786842186, allowed is the model's 0.9999
          small | images of 4x4x1, allowed is the model's 8x8x1
          """)
  void whatCannotGuideIsRefused(String guide, String why) {
    Path place = folder.resolve(guide);
    pictures.refuses(
        "sample", "run", "--steps 5 --classifier " + place, "--classifier " + place + ": " + why);
  }

  @Test
  void labelsAreTheClassifiers() {
    String by = "--steps 5 --classifier " + folder.resolve("guide");
    pictures.refuses(
        "sample",
        "run",
        by + " --label seven",
        "--label seven: unknown class; known are 0, 1, 2, 3, 4, 5, 6, 7, 8, 9");
    pictures.refuses(
        "sample",
        "run",
        by + " --guidance 2",
        "--guidance 2: the model was trained without classes (condition.classes is 0)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"sample", "interpolate --from-seed 1 --to-seed 2", "evaluate", "calibrate"})
  void itMakesNoPictures(String command) {
    String guide = folder.resolve("guide").toString();
    assertEquals(2, line.run(List.of((command + " --run " + guide).split(" "))));
    assertEquals("tfddpm: --run " + guide + NO_PICTURES, line.err());
    assertEquals(2, line.run(List.of("compare", guide, "--out", folder + "/table")));
    assertEquals("tfddpm: " + guide + NO_PICTURES, line.err());
  }

  private static final String NO_PICTURES =
      ": a classifier of noisy images, which makes no pictures; allowed is a run of another graph,"
          + " which sample --classifier guides by this one\n";

  @Test
  void itIsInspectedAndNotExported() {
    String guide = folder.resolve("guide").toString();
    String facts = line.succeed(List.of("inspect", guide));
    assertTrue(facts.contains("classifier     of noisy images, 10 classes\n"), facts);
    String json = line.succeed(List.of("inspect", "digits-classifier", "--json"));
    assertTrue(json.contains("\"classifier\":{\"classes\":10,\"names\":[]}"), json);
    assertEquals(2, line.run(List.of("export", "--run", guide, "--out", folder + "/models")));
    assertEquals(
        "tfddpm: --run "
            + guide
            + ": a classifier of noisy images is not exported; allowed are runs that make pictures\n",
        line.err());
  }

  @Test
  void itsFeaturesTellHowGoodPicturesAre() {
    String guide = folder.resolve("guide").toString();
    String words = evaluate(guide);
    assertTrue(words.contains(guide + " of images in [-1,1], 8x8"), words);
    assertTrue(!words.contains("inception"), words);
    String probabilities = evaluate(guide + ":probabilities");
    assertTrue(probabilities.contains("inception"), probabilities);
    for (String[] refused :
        new String[][] {
          {
            guide + ":pool",
            "a classifier has no output \"pool\"; known are features, probabilities"
          },
          {
            folder.resolve("run").toString(),
            "the run makes pictures; allowed is one of a graph with classifier.classes"
          }
        }) {
      assertEquals(2, line.run(command(refused[0])));
      assertEquals("tfddpm: --features " + refused[0] + ": " + refused[1] + "\n", line.err());
    }
  }

  private String evaluate(String features) {
    return line.succeed(command(features));
  }

  private List<String> command(String features) {
    String run = folder.resolve("run").toString();
    return Arrays.asList(
        "evaluate", "--run", run, "--count", "12", "--steps", "5", "--features", features);
  }
}
