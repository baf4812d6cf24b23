package org.tfddpm.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.Graph;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.Event;
import org.tensorflow.types.TFloat32;
import org.tfddpm.testing.Records;
import org.tfddpm.testing.TestImages;
import org.tfddpm.testing.TestRuns;
import org.tfddpm.testing.Trees;

/** {@code evaluate} and {@code compare} on runs of a tiny model. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EvaluateTest {
  private final CommandLine line = new CommandLine();
  private Path folder;
  private String run;
  private String small;

  @BeforeAll
  void train(@TempDir Path folder) throws IOException {
    this.folder = folder;
    run = folder.resolve("run").toString();
    small = folder.resolve("small").toString();
    TestRuns.train(Path.of(run), TestRuns.fastLearning("diffusion.steps=20"));
    TestRuns.train(
        Path.of(small),
        TestRuns.fastLearning("diffusion.steps=20", "image.height=4", "image.width=4"));
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Placeholder<TFloat32> x =
          tf.withName("x").placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, 8, 8, 1)));
      tf.withName("pool").math.mean(x, tf.constant(new int[] {1, 3}));
      tf.withName("probabilities").nn.softmax(tf.reshape(x, tf.constant(new int[] {-1, 64})));
      Files.write(folder.resolve("net.pb"), graph.toGraphDef().toByteArray());
    }
  }

  private int tfddpm(String... arguments) {
    return line.run(List.of(arguments));
  }

  private String succeed(String... arguments) {
    return line.succeed(List.of(arguments));
  }

  private Map<String, Object> json(String... arguments) throws IOException {
    return JSON.std.mapFrom(succeed(arguments));
  }

  /** What lies in maps and lists at names and indices. */
  private static Object at(Object json, Object... path) {
    Object found = json;
    for (Object step : path) {
      found =
          Objects.requireNonNull(
              step instanceof Integer index
                  ? ((List<?>) found).get(index)
                  : ((Map<?, ?>) found).get(step));
    }
    return found;
  }

  /**
   * Pictures are of all classes in turn; bound and reconstruction of the network without a label.
   */
  @Test
  void modelsWithClassesAreEvaluatedToo() throws IOException {
    for (String dropout : new String[] {"0.1", "0"}) {
      String classes = folder.resolve("classes-" + dropout).toString();
      TestRuns.train(
          Path.of(classes),
          TestRuns.fastLearning(
              "diffusion.steps=20", "condition.classes=10", "condition.label_dropout=" + dropout));
      succeed("evaluate", "--run", classes, "--count", "8", "--steps", "5", "--batch", "5");
      String[] bound = {
        "evaluate", "--run", classes, "--count", "4", "--metrics", "bound,reconstruction"
      };
      if (dropout.equals("0")) {
        assertEquals(2, tfddpm(bound));
        assertEquals(
            "tfddpm: --metrics: bound, likelihood and reconstruction are of a model that can do without labels,"
                + " which condition.label_dropout 0 did not train; allowed is distances\n",
            line.err().replaceAll("(?s).*(tfddpm: )", "$1"));
      } else {
        assertTrue(succeed(bound).contains("bound, the sum"));
      }
    }
  }

  @Test
  void theReportNamesWhatWasMeasuredAndBy() throws IOException {
    Path evaluation = Path.of(run, "evaluation");
    String words =
        succeed("evaluate", "--run", run, "--count", "12", "--steps", "5", "--batch", "5");
    assertTrue(
        words.startsWith(
            "model     "
                + run
                + ", step 12, averaged weights\n"
                + "pictures  12, seeds 0 ... 11: ddim, 5 steps, eta 0.0, uniform\n"
                + "data      1500 images of bundled:digits\n"
                + "features  pixels in [-1,1], 64 values an image\n"
                + "\n"
                + "                  pictures against data"
                + "  12 of the data against the other 1488\n"
                + "Frechet distance  "),
        words);
    assertTrue(
        words.endsWith(
            "\n\n"
                + evaluation.resolve("distances.csv")
                + "\n"
                + evaluation.resolve("distances.json")
                + "\n"),
        words);
    assertEquals(
        "distances.csv distances.json EVENTS",
        Trees.of(evaluation)
            .replaceAll("( ?events[.]out[.]tfevents[.][0-9.]+tfddpm[.0-9]*)+", " EVENTS"));
    assertEquals("", line.err());

    byte[] csv = Files.readAllBytes(evaluation.resolve("distances.csv"));
    byte[] stored = Files.readAllBytes(evaluation.resolve("distances.json"));
    String again =
        succeed("evaluate", "--run", run, "--count", "12", "--steps", "5", "--batch", "5");
    assertEquals(words, again);
    assertArrayEquals(csv, Files.readAllBytes(evaluation.resolve("distances.csv")));
    assertArrayEquals(stored, Files.readAllBytes(evaluation.resolve("distances.json")));
  }

  @Test
  void jsonHasTheSame() throws IOException {
    Map<String, Object> json =
        json(
            "evaluate",
            "--run",
            run,
            "--count",
            "10",
            "--steps",
            "4",
            "--seed",
            "3",
            "--data",
            "bundled:digits-test",
            "--data-count",
            "100",
            "--json",
            "--out",
            folder + "/elsewhere");
    assertEquals(
        List.of(
            "model",
            "step",
            "weights",
            "sampler",
            "steps",
            "eta",
            "spacing",
            "seed",
            "count",
            "data",
            "data_count",
            "features",
            "values",
            "distances",
            "data_distances"),
        List.copyOf(json.keySet()));
    assertEquals("pixels in [-1,1]", json.get("features"));
    assertEquals(100, json.get("data_count"));
    double distance = (double) at(json, "distances", "frechet_distance");
    assertTrue(distance > 1, json.toString());
    assertEquals(90, at(json, "data_distances", "data_count"));
    Object stored =
        JSON.std.listFrom(Files.readString(folder.resolve("elsewhere/distances.json"))).get(0);
    json.remove("model");
    assertEquals(json, stored);
    List<String> lines = Files.readAllLines(folder.resolve("elsewhere/distances.csv"));
    assertEquals(2, lines.size());
    assertTrue(lines.get(0).startsWith("step,weights,sampler,steps,eta,spacing,seed,count,data,"));
    assertTrue(
        lines
            .get(1)
            .startsWith(
                "12,averaged,ddim,4,0.0,uniform,3,10,bundled:digits-test,100,\"pixels in [-1,1]\","
                    + "64,"
                    + distance),
        lines.get(1));
  }

  @Test
  void featuresOfANetworkAreNamedAndProbabilitiesHaveAScore() throws IOException {
    String pool = folder + "/net.pb:pool";
    String[] command = {
      "evaluate",
      "--run",
      run,
      "--count",
      "10",
      "--steps",
      "4",
      "--out",
      folder + "/by",
      "--json",
      "--features",
      pool
    };
    Map<String, Object> json = json(command);
    assertEquals(pool + " of images in [-1,1], 8x8", json.get("features"));
    assertEquals(8, json.get("values"));
    assertTrue(!((Map<?, ?>) at(json, "distances")).containsKey("inception_score"));
    command[command.length - 1] = folder + "/net.pb:probabilities";
    assertTrue((double) at(json(command), "distances", "inception_score") > 1);
    List<String> words = new ArrayList<>(Arrays.asList(command));
    words.remove("--json");
    words.addAll(List.of("--features-range", "unit"));
    String report = succeed(words.toArray(String[]::new));
    assertTrue(
        report.contains(
            "features  " + folder + "/net.pb:probabilities of images in [0,1], 8x8, 64 values an"),
        report);
    assertTrue(report.contains("\ninception score  "), report);
  }

  @Test
  void anExportedModelIsEvaluatedAndNothingIsWrittenIntoIt() throws IOException {
    succeed("export", "--run", run, "--name", "tiny", "--out", folder + "/models");
    String model = folder + "/models/tiny";
    String before = Trees.of(Path.of(model));
    String[] command = {"evaluate", "--run", run, "--count", "8", "--steps", "4", "--json"};
    Object ofRun = at(json(command), "distances");
    command[1] = "--model";
    command[2] = model;
    Map<String, Object> json = json(command);
    assertEquals(model, json.get("model"));
    assertEquals(ofRun, at(json, "distances"));
    assertEquals(before, Trees.of(Path.of(model)));
  }

  @Test
  void theBoundAndTheReconstructionAreOnRequest() throws IOException {
    String place = folder + "/more";
    String copy = folder + "/copy";
    Trees.copy(Path.of(run), Path.of(copy));
    String[] command = {
      "evaluate", "--run", copy, "--count", "6", "--metrics", "reconstruction,bound,likelihood"
    };
    String[] elsewhere = Arrays.copyOf(command, command.length + 2);
    elsewhere[command.length] = "--out";
    elsewhere[command.length + 1] = place;
    String words = succeed(elsewhere);
    assertTrue(
        words.startsWith("variational bound of 6 images of bundled:digits, 20 steps\n"), words);
    assertTrue(words.contains("S   mean squared error\n10  "), words);
    String files =
        "bound.csv bound.json bound.png likelihood.csv likelihood.json"
            + " reconstruction.csv reconstruction.json reconstruction.png";
    assertEquals(files, Trees.of(Path.of(place)));
    assertEquals(1 + 20, Files.readAllLines(Path.of(place, "bound.csv")).size());
    assertEquals(1 + 2, Files.readAllLines(Path.of(place, "reconstruction.csv")).size());
    assertTrue(ImageIO.read(Path.of(place, "bound.png").toFile()).getWidth() > 1600);

    String[] asJson = Arrays.copyOf(command, command.length + 3);
    asJson[command.length] = "--json";
    asJson[command.length + 1] = "--steps";
    asJson[command.length + 2] = "4";
    Map<String, Object> json = json(asJson);
    assertEquals(
        List.of("model", "bound", "likelihood", "reconstruction"), List.copyOf(json.keySet()));
    List<?> terms = (List<?>) at(json, "bound", "terms");
    assertEquals(4, terms.size());
    double sum = (double) at(json, "bound", "prior");
    for (Object term : terms) {
      sum += (double) at(term, "bits");
    }
    assertEquals(sum, (double) at(json, "bound", "bits_per_dimension"), 1e-6);
    assertEquals(20, at(json, "reconstruction", "errors", 1, "steps"));
    double likelihood = (double) at(json, "likelihood", "bits_per_dimension");
    assertEquals(
        likelihood,
        (double) at(json, "likelihood", "flow") + (double) at(json, "likelihood", "decoder"),
        1e-6);
    assertEquals(Map.of("steps", 4, "count", 6), evaluated(copy, "likelihood", "steps", "count"));

    List<String> tags = new ArrayList<>();
    for (byte[] record : Records.read(events(copy))) {
      Event.parseFrom(record).getSummary().getValueList().forEach(v -> tags.add(v.getTag()));
    }
    assertTrue(
        tags.containsAll(
            List.of(
                "bound/bits_per_dimension",
                "bound",
                "likelihood/bits_per_dimension",
                "reconstruction")),
        tags::toString);
  }

  /** What the run remembers of its only evaluation of this name. */
  private static Map<String, Object> evaluated(String run, String name, String... keys)
      throws IOException {
    Map<String, Object> found = new HashMap<>();
    String json = Files.readString(Path.of(run, "evaluation", name + ".json"));
    for (String key : keys) {
      found.put(key, at(JSON.std.listFrom(json), 0, key));
    }
    return found;
  }

  /** TensorBoard's newest file of the run's evaluations. */
  private static Path events(String run) throws IOException {
    try (Stream<Path> files = Files.list(Path.of(run, "evaluation"))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("events.out.tfevents."))
          .max(Comparator.naturalOrder())
          .orElseThrow();
    }
  }

  @Test
  void runsAreLaidSideBySide() throws IOException {
    String place = folder + "/comparison";
    String[] command = {
      "compare", run, run, "--steps", "T,50", "--count", "8", "--data-count", "40", "--out", place
    };
    String words = succeed(command);
    assertTrue(
        words.startsWith(
            "Frechet distance\n"
                + "pictures  8, seeds 0 ... 7, uniform\n"
                + "data      40 images of bundled:digits\n"
                + "features  pixels in [-1,1]\n"
                + "A         "
                + run
                + ", step 12, T 20\n"
                + "B         "
                + run
                + ", step 12, T 20\n\n"
                + "S "),
        words);
    List<String> lines = words.lines().toList();
    assertEquals(List.of("S", "A", "20", "B", "20"), Arrays.asList(lines.get(7).split(" +", -1)));
    List<String> eta0 = Arrays.asList(lines.get(8).split("  +", -1));
    List<String> sigmaHat = Arrays.asList(lines.get(12).split("  +", -1));
    assertEquals("eta 0.0", eta0.get(0));
    assertEquals("sigmaHat", sigmaHat.get(0));
    assertEquals(eta0.get(1), eta0.get(2));
    assertNotEquals(eta0.get(1), sigmaHat.get(1));
    assertTrue(lines.get(14).startsWith("8 of the data against the other 32: "), words);

    assertEquals("table.csv table.json table.png", Trees.of(Path.of(place)));
    assertEquals(1 + 2 * 5, Files.readAllLines(Path.of(place, "table.csv")).size());
    assertTrue(ImageIO.read(Path.of(place, "table.png").toFile()).getWidth() > 800);
    byte[] png = Files.readAllBytes(Path.of(place, "table.png"));
    assertEquals(2, tfddpm(command));
    assertEquals(
        "tfddpm: --out " + place + ": is there already; --force overwrites it\n", line.err());
    String[] forced = Arrays.copyOf(command, command.length + 2);
    forced[command.length] = "--force";
    forced[command.length + 1] = "--json";
    Map<String, Object> json = json(forced);
    assertArrayEquals(png, Files.readAllBytes(Path.of(place, "table.png")));
    assertEquals(json, JSON.std.mapFrom(Files.readString(Path.of(place, "table.json"))));
    assertEquals("pixels in [-1,1]", json.get("features"));
    assertEquals("eta 0.0", at(json, "runs", 0, "cells", 0, "sampler"));
    assertEquals(20, at(json, "runs", 0, "cells", 0, "steps"));
  }

  @Test
  void aCellOfCompareIsWhatEvaluateSays() throws IOException {
    Map<String, Object> table =
        json(
            "compare",
            run,
            "--steps",
            "5",
            "--count",
            "8",
            "--seed",
            "9",
            "--data-count",
            "40",
            "--out",
            folder + "/one",
            "--json");
    String[][] samplers = {
      {"--eta", "0"}, {"--eta", "0.2"}, {"--eta", "0.5"}, {"--eta", "1"}, {"--sampler", "ddpm"}
    };
    for (int i = 0; i < samplers.length; i++) {
      Map<String, Object> alone =
          json(
              "evaluate",
              "--run",
              run,
              "--steps",
              "5",
              "--count",
              "8",
              "--seed",
              "9",
              "--data-count",
              "40",
              "--out",
              folder + "/alone",
              "--json",
              samplers[i][0],
              samplers[i][1]);
      assertEquals(
          at(alone, "distances", "frechet_distance"),
          at(table, "runs", 0, "cells", i, "frechet_distance"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      maxCharsPerColumn = 1000,
      value = {
        "evaluate --run RUN --steps 21 | --steps 21: allowed are whole numbers in 1 ... 20",
        "evaluate --run RUN --weights best | --weights best: allowed are averaged, live",
        "evaluate --run RUN --data bundled:x | data source \"bundled:x\": unknown name",
        "evaluate --run RUN --data-count 7 | --data-count 7: allowed are whole numbers in 8 ... 1500",
        "evaluate --run RUN --data-count 1501 |"
            + " --data-count 1501: allowed are whole numbers in 8 ... 1500",
        "evaluate --run RUN --features-range unit |"
            + " --features-range: allowed with --features PATH:OUTPUT",
        "evaluate --run RUN --features NET:pool --features-range 0 |"
            + " --features-range 0: allowed are signed, unit, byte",
        "evaluate --run RUN --features NET:pol | --features NET:pol: the graph has no \"pol\"",
        "compare RUN --steps 10,x | --steps 10,x: \"x\": allowed are whole numbers from 1, and T for all",
        "compare RUN --steps 50 | --steps 50: allowed are up to 20 steps",
        "compare RUN SMALL | SMALL: makes images of another size than RUN",
      })
  void whatCannotBeMeasuredIsRefused(String arguments, String message) throws IOException {
    List<String> command =
        Arrays.stream(arguments.split(" "))
            .map(word -> word.equals("RUN") ? run : word.equals("SMALL") ? small : word)
            .map(word -> word.replace("NET", folder + "/net.pb"))
            .toList();
    List<String> here = new ArrayList<>(command);
    here.addAll(List.of("--out", folder + "/refused"));
    assertEquals(2, tfddpm(here.toArray(String[]::new)));
    String said = line.err();
    assertEquals(1, said.lines().count(), said);
    String expected =
        message.replace("RUN", run).replace("SMALL", small).replace("NET", folder + "/net.pb");
    assertTrue(said.startsWith("tfddpm: " + expected), said);
    assertTrue(Files.notExists(folder.resolve("refused")));
  }

  @Test
  void runsOfOtherDataNeedToldWhatToCompareTo() throws IOException {
    TestRuns.train(
        folder.resolve("tested"),
        TestRuns.fastLearning("diffusion.steps=20", "data.source=bundled:digits-test"));
    assertEquals(2, tfddpm("compare", run, folder + "/tested", "--out", folder + "/refused"));
    assertEquals(
        "tfddpm: --data SOURCE is needed: "
            + run
            + " was trained on bundled:digits, "
            + folder
            + "/tested on bundled:digits-test\n",
        line.err());
  }

  @Test
  void fewImagesAreRefused() throws IOException {
    Path few = Files.createDirectory(folder.resolve("few"));
    for (int i = 0; i < 8; i++) {
      Files.write(few.resolve(i + ".png"), TestImages.png(8, 8, 1, (y, x, c) -> y));
    }
    Files.write(few.resolve("7.png"), new byte[] {1});
    assertEquals(2, tfddpm("evaluate", "--run", run, "--data", "folder:" + few));
    List<String> said = line.err().lines().toList();
    String message = "tfddpm: data source \"folder:" + few + "\": ";
    assertEquals(message + "7 images are good, needed are 8", said.get(said.size() - 1));
    Files.delete(few.resolve("7.png"));
    assertEquals(2, tfddpm("evaluate", "--run", run, "--data", "folder:" + few));
    assertEquals(message + "holds 7 images, needed are 8\n", line.err());
  }
}
