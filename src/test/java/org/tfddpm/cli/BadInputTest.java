package org.tfddpm.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tfddpm.run.RunDirectory;
import org.tfddpm.testing.TestSpecs;

/**
 * Wrong usage: exit 2, one line that names the flag, its value and what is allowed, nothing
 * written.
 */
class BadInputTest {
  @TempDir Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      maxCharsPerColumn = 1000,
      value = {
        "trian | unknown command \"trian\"; did you mean \"train\"?",
        "frobnicate | unknown command \"frobnicate\"; known are train, sample, interpolate, inpaint, encode, decode,"
            + " calibrate, evaluate, compare, export, import, serve, inspect",
        "train --stpes 3 | unknown flag --stpes; did you mean \"--steps\"?",
        "train --steps | --steps needs a value: N",
        "train digits | unexpected \"digits\"",
        "train --steps 0 | --steps 0: allowed are whole numbers from 1",
        "train --steps many | --steps many: allowed are whole numbers from 1",
        "train --seed -1 | --seed -1: allowed are whole numbers from 0",
        "train --device tpu | --device tpu: allowed are auto, cpu, gpu",
        "train --graph digts | --graph digts: no such graph or file; did you mean \"digits\"?",
        "train --graph a/b.textproto | --graph a/b.textproto: no such file",
        "train --set unet.groups | --set unet.groups: allowed is SECTION.FIELD=VALUE",
        "train --set unet.grups=3 |"
            + " --set unet.grups=3: unknown field \"unet.grups\"; did you mean \"unet.groups\"?",
        "train --set unet.groups=x | --set unet.groups=x: \"x\" is not a whole number",
        "train --set unet.dropout=x | --set unet.dropout=x: \"x\" is not a number",
        "train --set data.horizontal_flip=x |"
            + " --set data.horizontal_flip=x: \"x\": allowed are true, false",
        "train --set diffusion.schedule=liner |"
            + " --set diffusion.schedule=liner: unknown value \"liner\"; did you mean \"linear\"?",
        "train --set unet.dropout=1 |"
            + " --set unet.dropout=1: unet.dropout is 1.0: allowed are 0 <= dropout < 1",
        "train --set unet.groups=5 |"
            + " --set unet.groups=5: unet.groups is 5: groups must divide the channels of every level,"
            + " 32,32",
        "train --set unet.attention_heads=3 |"
            + " --set unet.attention_heads=3: unet.attention_heads is 3: heads must divide the channels"
            + " where there is attention, 32",
        "train --set unet.channel_multipliers=1,2,2,2,2 |"
            + " --set unet.channel_multipliers=1,2,2,2,2: unet.channel_multipliers is 1,2,2,2,2: 5 levels"
            + " need a height and a width that 16 divides, not 8x8; allowed are up to 4 levels",
        "train --set unet.channel_multipliers= |"
            + " --set unet.channel_multipliers=: unet.channel_multipliers is : allowed is one whole"
            + " number in 1 ... 1024 for each level",
        "train --set unet.attention_resolutions=16 |"
            + " --set unet.attention_resolutions=16: unet.attention_resolutions is 16: allowed are the"
            + " heights of the levels, 8,4",
        "train --set image.channels=2 |"
            + " --set image.channels=2: image.channels is 2: allowed are 1 (grey), 3 (colour)",
        "train --set diffusion.steps=0 |"
            + " --set diffusion.steps=0: diffusion.steps is 0: allowed are 1 ... 100000",
        "train --set diffusion.zero_terminal_snr=true |"
            + " graphs/digits.textproto: diffusion.prediction is EPSILON: the last step is noise alone,"
            + " which tells nothing of x_0; allowed are X0, V, MEAN",
        "train --set diffusion.schedule=jsd --set diffusion.prediction=epsilon |"
            + " --set diffusion.prediction=epsilon: diffusion.prediction is EPSILON: the last step is"
            + " noise alone, which tells nothing of x_0; allowed are X0, V, MEAN",
        "train --set condition.classes=3 |"
            + " condition.classes is 3: bundled:digits has 10, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9",
        "train --set classifier.classes=1 |"
            + " --set classifier.classes=1: classifier.classes is 1: allowed are 0 (no classifier), 2"
            + " ... 100000",
        "train --graph digits-classes --set classifier.classes=10 |"
            + " --set classifier.classes=10: classifier.classes is 10: a classifier is told no labels,"
            + " and condition.classes is 10; allowed is one of the two above 0",
        "train --graph digits-classifier --set classifier.class_names=a,b |"
            + " --set classifier.class_names=a,b: classifier.class_names is a,b: allowed is a name for"
            + " each of the 10 classes",
        "train --set condition.upsampling=3 |"
            + " --set condition.upsampling=3: condition.upsampling is 3: allowed are 1 (no"
            + " low-resolution image) and what divides 8 and 8",
        "train --set condition.label_dropout=1 |"
            + " --set condition.label_dropout=1: condition.label_dropout is 1.0: allowed are 0 <="
            + " dropout < 1",
        "train --set unet.head_channels=7 |"
            + " --set unet.head_channels=7: unet.head_channels is 7: they must divide the channels"
            + " where there is attention, 32",
        "train --set diffusion.variance=learned_range |"
            + " graphs/digits.textproto: diffusion.loss is SIMPLE: it does not train the variance"
            + " LEARNED_RANGE; allowed are HYBRID, VLB",
        "train --set diffusion.loss=hybrid |"
            + " graphs/digits.textproto: diffusion.variance is BETA: the loss HYBRID trains a"
            + " variance; allowed are LEARNED_RANGE, LEARNED_DIAGONAL",
        "train --set diffusion.schedule=cosin |"
            + " --set diffusion.schedule=cosin: unknown value \"cosin\"; did you mean \"cosine\"?",
        "train --set diffusion.scale_betas=true --set diffusion.steps=20 |"
            + " --set diffusion.scale_betas=true: diffusion.scale_betas is true: with beta up to 0.02"
            + " allowed above 20 steps",
        "train --set diffusion.sigma_max=0.001 |"
            + " --set diffusion.sigma_max=0.001: diffusion.sigma_max is 0.001: allowed are finite"
            + " numbers above diffusion.sigma_min, 0.01",
        "train --set training.learning_rate=NaN |"
            + " --set training.learning_rate=NaN: training.learning_rate is NaN: allowed are finite"
            + " numbers above 0",
        "train --set data.source= |"
            + " --set data.source=: data.source is \"\": allowed are bundled:digits,"
            + " bundled:digits-test, idx:DIR, idx-test:DIR, cifar10:DIR, cifar10-test:DIR, folder:DIR,"
            + " tfrecord:GLOB",
        "train --data bundeld:digits |"
            + " data source \"bundeld:digits\": unknown kind \"bundeld\"; did you mean \"bundled\"?",
        "train --data idx |" + " data source \"idx\": allowed is idx:PLACE",
        "train --device gpu |"
            + " --device gpu: TensorFlow finds no GPU; allowed here are auto, cpu (a GPU needs the NVIDIA"
            + " driver and a build with -Pgpu)",
        "import | PATH is needed: what to import",
        "import x | --from PROGRAM is needed: diffusers, ddpm-tf1",
        "import x --from difusers | --from difusers: no such program; did you mean \"diffusers\"?",
        "import x --from keras | --from keras: no such program; known are diffusers, ddpm-tf1",
        "import nowhere --from diffusers --run graphs |"
            + " --run graphs: is there already; allowed is a new folder",
        "import nowhere --from diffusers | nowhere: no such folder",
        "import graphs --from diffusers |"
            + " graphs: no folder of diffusers, it has neither config.json nor unet/config.json",
        "import x --from diffusers --graph digits |"
            + " --graph: allowed with --from ddpm-tf1, not with diffusers",
        "import x --from ddpm-tf1 | --graph is needed: a checkpoint names no network",
        "import nowhere --from ddpm-tf1 --graph cifar10 |"
            + " nowhere: no checkpoint, there is no nowhere.index",
        "export --run x --format onnx | --format onnx: allowed are savedmodel, diffusers",
        "export --run x --format diffusers | --out DIR is needed with --format diffusers: a new folder",
        "export --run x --format diffusers --out graphs |"
            + " --out graphs: is there already; allowed is a new folder",
        "export --run x --format diffusers --out y --version 3 |"
            + " --version: allowed with --format savedmodel, not with diffusers",
        "sample | one of --run DIR and --model DIR is needed",
        "sample --run nowhere | --run nowhere: no such run",
        "sample --model nowhere | --model nowhere: no SavedModel there",
        "sample --run a --model b | one of --run DIR and --model DIR is needed",
        "sample --model nowhere --weights live |"
            + " --weights: an exported model has one set of weights; allowed with --run",
        "sample --count 0 | --count 0: allowed are whole numbers in 1 ... 1000000",
        "sample --seed 16777216 | --seed 16777216: allowed are whole numbers in 0 ... 16777152",
        "sample --out picture.jpg | --out picture.jpg: allowed are X.png, X.npy, X/",
        "sample --sampler ddmp | --sampler ddmp: allowed are ddim, ddpm, euler, heun, dpmpp_2m,"
            + " dpmpp_3m, langevin, pc",
        "sample --eta 2 | --eta 2: allowed are numbers in 0 ... 1",
        "sample --sampler heun --eta 0.5 |"
            + " --eta 0.5: allowed with --sampler ddim, not with heun",
        "sample --churn 10 | --churn 10: allowed with --sampler euler, heun, not with ddim",
        "sample --sampler euler --churn -1 | --churn -1: allowed are numbers from 0",
        "sample --sampler euler --churn much | --churn much: allowed are numbers from 0",
        "sample --sampler ddpm --langevin-steps 3 |"
            + " --langevin-steps 3: allowed with --sampler langevin, pc, not with ddpm",
        "sample --sampler pc --langevin-steps 101 |"
            + " --langevin-steps 101: allowed are whole numbers in 1 ... 100",
        "sample --snr 0.1 | --snr 0.1: allowed with --sampler langevin, pc, not with ddim",
        "sample --sampler pc --snr 2 | --snr 2: allowed are numbers in 0 ... 1",
        "sample --x0 clamp | --x0 clamp: allowed are keep, clip, dynamic",
        "sample --percentile 0.9 | --percentile 0.9: allowed with --x0 dynamic",
        "sample --x0 clip --percentile 0.9 | --percentile 0.9: allowed with --x0 dynamic",
        "sample --x0 dynamic --percentile 99 | --percentile 99: allowed are numbers in 0 ... 1",
        "sample --spacing evn | --spacing evn: allowed are uniform, quadratic, even, karras, likelihood, or N,N,..."
            + " such as 10,15,20",
        "sample --spacing 10,x | --spacing 10,x: allowed are uniform, quadratic, even, karras, likelihood, or"
            + " N,N,... such as 10,15,20",
        "sample --spacing 0,0 | --spacing 0,0: allowed is at least one time step",
        "sample --spacing 10,15,20 --steps 50 |"
            + " --steps 50: allowed with --spacing 10,15,20 is its sum, 45",
        "sample --classifier-scale 2 | --classifier-scale 2: allowed with --classifier DIR",
        "sample --classifier c --classifier-scale -1 |"
            + " --classifier-scale -1: allowed are numbers in 0 ... 1000",
        "inpaint --mask m.png | --image FILE is needed",
        "encode --out x.png | --out x.png: allowed are X.npy",
        "decode --out x.jpg | --out x.jpg: allowed are X.png, X.npy, X/",
        "decode | --noise X.npy is needed: what encode has written",
        "sample --grid rows | --grid rows: allowed are label,seed and seed,label",
        "sample --grid label,seed --out x/ | --out x/: allowed are X.png, X.npy",
        "evaluate | one of --run DIR and --model DIR is needed",
        "evaluate --run nowhere | --run nowhere: no such run",
        "evaluate --count 3 | --count 3: allowed are whole numbers in 4 ... 1000000",
        "evaluate --featurs x | unknown flag --featurs; did you mean \"--features\"?",
        "evaluate --metrics fid |"
            + " --metrics fid: allowed are distances, bound, likelihood, reconstruction, commas between",
        "compare | what is to be compared? allowed are runs and exported models",
        "compare nowhere | nowhere: neither a run directory nor an exported model",
        "compare nowhere --features-range unit |"
            + " --features-range: allowed with --features PATH:OUTPUT",
        "compare nowhere --features net.pb |"
            + " --features net.pb: allowed are a classifier's run, or a graph or a SavedModel and its"
            + " output, FILE.pb:OUTPUT, DIR:OUTPUT",
        "compare nowhere --features net.pb:pool |"
            + " --features net.pb:pool: no such file or folder as net.pb",
        "compare nowhere --out src | --out src: is there already; --force overwrites it",
        "export | --run DIR is needed: a run directory",
        "export --version 0 | --version 0: allowed are whole numbers in 1 ... 999999999999",
        "serve | --model DIR is needed: a folder that export has written",
        "serve --model src/main |"
            + " --model src/main: no SavedModel there; allowed is a folder with versions, such as"
            + " main/1/saved_model.pb",
        "serve --model a/b=src |"
            + " --model a/b=src: allowed are DIR and NAME=DIR, no / or : in the name",
        "serve --port 70000 --model src | --model src: no SavedModel there; allowed is a folder with"
            + " versions, such as src/1/saved_model.pb",
        "serve --modle x | unknown flag --modle; did you mean \"--model\"?",
        "inspect | what is to be inspected? allowed are a graph's name or file, a run, a model",
        "inspect a b | unexpected \"b\"",
        "inspect digitz | --graph digitz: no such graph or file; did you mean \"digits\"?",
      })
  void isOneLine(String arguments, String message) throws IOException {
    assertEquals(2, run(arguments.split(" ")));
    assertEquals("tfddpm: " + message + "\n", err.toString(StandardCharsets.UTF_8));
    assertEquals("", out.toString(StandardCharsets.UTF_8));
    assertTrue(Files.notExists(Path.of("runs")));
  }

  @Test
  void aPlaceInAFileIsNamed() throws IOException {
    Path graph = folder.resolve("mine.textproto");
    Files.writeString(graph, "image { height: 8 width: 8 }\nunet {\n  chanels: 3\n}\n");
    assertEquals(2, run("train", "--graph", graph.toString()));
    assertSaid(
        graph
            + ":3:3: unknown field \"chanels\"; known are base_channels, channel_multipliers,"
            + " blocks_per_level, attention_resolutions, attention_heads, groups, dropout, scale_shift_norm, head_channels, residual_resampling");
    Files.writeString(graph, "image { height: 8 width: 8 channels: many }");
    assertEquals(2, run("train", "--graph", graph.toString()));
    assertSaid(graph + ":1:38: Couldn't parse integer: For input string: \"many\"");
    Files.writeString(
        graph,
        "image { height: 8 width: 9 }\ndata { source: \"bundled:digits\" }\n"
            + "unet {\n channel_multipliers: [1, 2]\n}");
    assertEquals(2, run("train", "--graph", graph.toString()));
    assertSaid(
        graph
            + ":4:2: unet.channel_multipliers is 1,2: 2 levels need a height and a width that 2"
            + " divides, not 8x9; allowed are up to 1 levels");
  }

  @Test
  void aRunOfAnotherSpecificationIsRefusedFieldByField() throws IOException {
    Path run = folder.resolve("run");
    RunDirectory.create(run, TestSpecs.tiny());
    List<String> command = new ArrayList<>(List.of("train", "--run", run.toString()));
    command.addAll(List.of("--set", "training.batch_size=8", "--set", "unet.dropout=0.5"));
    assertEquals(2, run(command.toArray(String[]::new)));
    assertSaid(
        "--run "
            + run
            + " is of another specification: unet.dropout is 0.0 in the run, 0.5 asked for;"
            + " training.batch_size is 4 in the run, 8 asked for; choose another --run, or --fresh to"
            + " begin anew");
    assertEquals(2, run("train", "--graph", "digits", "--run", run.toString()));
    assertTrue(err.toString(StandardCharsets.UTF_8).contains("unet.base_channels is 8 in the run"));
  }

  @Test
  void aFolderThatIsNoRunIsLeftAlone() throws IOException {
    Files.writeString(folder.resolve("thesis.txt"), "years of work");
    assertEquals(2, run("train", "--run", folder.toString()));
    assertSaid("--run " + folder + ": neither empty nor a run directory, it has no spec.textproto");
    assertEquals(2, run("sample", "--run", folder.toString()));
    assertSaid("--run " + folder + ": no run directory, it has no spec.textproto");
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(1, files.count());
    }
  }

  @Test
  void aRunWithoutACheckpointSaysSo() throws IOException {
    Path run = folder.resolve("run");
    RunDirectory.create(run, TestSpecs.tiny());
    assertEquals(2, run("sample", "--run", run.toString()));
    assertSaid(run.resolve("checkpoints") + ": no usable checkpoint");
    assertEquals(2, run("export", "--run", run.toString(), "--checkpoint", "5"));
    assertSaid("--checkpoint 5: there is none in " + run.resolve("checkpoints"));
  }

  @Test
  void aRunDirectoryUnderAFileCannotBeWritten() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    assertEquals(2, run("train", "--run", file.resolve("run").toString()));
    assertTrue(
        err.toString(StandardCharsets.UTF_8)
            .startsWith("tfddpm: --run " + file.resolve("run") + ": cannot be written"));
  }

  @Test
  void aSavedModelOfSomebodyElseIsRefused() throws IOException {
    Files.createDirectories(folder.resolve("7"));
    Files.writeString(folder.resolve("7/saved_model.pb"), "");
    assertEquals(2, run("sample", "--model", folder.toString()));
    assertSaid(
        "--model "
            + folder
            + ": not written by tfddpm export, it has no assets.extra/spec.textproto");
  }

  @Test
  void picturesAreNotOverwritten() throws IOException {
    Path picture = Files.writeString(folder.resolve("a.png"), "mine");
    assertEquals(2, run("sample", "--run", "nowhere", "--out", picture.toString()));
    assertSaid("--out " + picture + ": is there already; --force overwrites it");
    assertEquals(2, run("sample", "--run", "nowhere", "--out", folder + "/"));
    assertSaid("--out " + folder + "/: is there already; --force overwrites it");
    assertEquals("mine", Files.readString(picture));
  }

  private void assertSaid(String message) {
    assertEquals("tfddpm: " + message + "\n", err.toString(StandardCharsets.UTF_8));
  }

  private int run(String... arguments) {
    out.reset();
    err.reset();
    Console console =
        new Console(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false,
            false);
    return Main.run(Arrays.asList(arguments), console);
  }
}
