package org.tfddpm.cli;

import static org.tfddpm.cli.Command.flag;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.cli.Option;
import org.tensorflow.proto.ConfigProto;
import org.tfddpm.data.Source;
import org.tfddpm.device.Device;
import org.tfddpm.model.Model;
import org.tfddpm.run.Progress;
import org.tfddpm.run.RunDirectory;
import org.tfddpm.spec.BadInput;
import org.tfddpm.spec.GraphSpec;
import org.tfddpm.spec.Specs;
import org.tfddpm.train.Trainer;
import org.tfddpm.train.TrainingGraph;

/** {@code tfddpm train}. */
final class TrainCommand implements Command {
  private static final String DEFAULT_GRAPH = "digits";

  @Override
  public String name() {
    return "train";
  }

  @Override
  public String sentence() {
    return "Trains a model, or continues a run from its latest checkpoint.";
  }

  @Override
  public List<Option> flags() {
    return List.of(
        flag(
            "graph",
            "NAME|FILE",
            "what to train (default digits; known: " + String.join(", ", Specs.bundled()) + ")"),
        flag(
            "data",
            "SOURCE",
            "bundled:digits, idx:DIR, cifar10:DIR, folder:DIR, tfrecord:GLOB (default: the graph's)"),
        flag("run", "DIR", "run directory, new or to be continued (default runs/NAME)"),
        flag("steps", "N", "steps in all (default: the graph's)"),
        flag("set", "SECTION.FIELD=VALUE", "overrides a field of the graph; may be repeated"),
        flag("seed", "N", "seed of weights, data order and noise (default 0)"),
        flag("device", "auto|cpu|gpu", "where to run (default auto: a GPU where there is one)"),
        flag("dry-run", "builds the graph, tells its size, trains and writes nothing"),
        flag("fresh", "begins anew where a run exists: its checkpoints and logs are deleted"));
  }

  @Override
  public List<String> examples() {
    return List.of(
        "train",
        "train --graph fashion-mnist --data idx:fashion-mnist --run runs/fashion --steps 20000",
        "train --graph cifar10 --data folder:photos --set image.height=64 --set image.width=64 --dry-run");
  }

  @Override
  public int run(Flags flags, Console console) throws IOException {
    flags.words(0);
    Device device = flags.choice("device", Device.class).orElse(Device.AUTO);
    List<String> settings = settings(flags);
    String graph = flags.text("graph").orElse(DEFAULT_GRAPH);
    Path named = flags.path("run").orElse(null);
    Path folder = named != null ? named : Path.of("runs", Specs.load(graph, settings).getName());
    boolean continued = RunDirectory.exists(folder) && !flags.has("fresh");
    GraphSpec given =
        withAbsoluteSource(
            continued && !flags.has("graph")
                ? Specs.override(RunDirectory.open(folder).spec(), settings)
                : Specs.load(graph, settings));
    Source source = Source.open(given.getData().getSource());
    GraphSpec asked = withClassNames(given, source);
    if (continued) {
      refuseDifferences(folder, asked);
    }
    console.startTensorFlow();
    ConfigProto config = device.config();
    if (flags.has("dry-run")) {
      return dryRun(asked, source, console);
    }
    long steps = asked.getTraining().getSteps();
    Progress progress = new Progress(console.err(), console.terminal(), steps);
    // A source without usable images is found out here, before anything is written or renewed.
    try (TrainingGraph step = new TrainingGraph(Model.of(asked), source, progress::say)) {
      RunDirectory run = directory(folder, asked, continued);
      StopSignals signals = StopSignals.caught(() -> progress.say("stopping: saving a checkpoint"));
      new Trainer(run, step, config, progress, signals::stopped).train(steps);
      if (!signals.stopped()) {
        console.out().println(run.path());
      }
      return signals.exitCode();
    }
  }

  private static RunDirectory directory(Path folder, GraphSpec asked, boolean continued)
      throws IOException {
    if (continued) {
      return RunDirectory.open(folder);
    }
    return RunDirectory.exists(folder)
        ? RunDirectory.renew(folder, asked)
        : RunDirectory.create(folder, asked);
  }

  private static List<String> settings(Flags flags) {
    List<String> settings = new ArrayList<>(flags.texts("set"));
    flags.text("data").ifPresent(data -> settings.add("data.source=" + data));
    flags.integer("steps", 1, Long.MAX_VALUE).ifPresent(n -> settings.add("training.steps=" + n));
    flags.integer("seed", 0, Long.MAX_VALUE).ifPresent(n -> settings.add("training.seed=" + n));
    return settings;
  }

  private static GraphSpec withAbsoluteSource(GraphSpec spec) {
    GraphSpec.Builder absolute = spec.toBuilder();
    absolute.getDataBuilder().setSource(Source.absolute(spec.getData().getSource()));
    return absolute.build();
  }

  /** With the data's names of the classes, where the graph has none. */
  private static GraphSpec withClassNames(GraphSpec spec, Source source) {
    Model model = Model.of(spec);
    if (model.classes() == 0 || !model.classNames().isEmpty()) {
      return spec;
    }
    GraphSpec.Builder named = spec.toBuilder();
    if (model.isClassifier()) {
      named.getClassifierBuilder().addAllClassNames(source.classNames());
    } else {
      named.getConditionBuilder().addAllClassNames(source.classNames());
    }
    return named.build();
  }

  private static void refuseDifferences(Path folder, GraphSpec asked) {
    List<String> differences = Specs.differences(RunDirectory.open(folder).spec(), asked);
    if (!differences.isEmpty()) {
      throw new BadInput(
          "--run "
              + folder
              + " is of another specification: "
              + String.join("; ", differences)
              + "; choose another --run, or --fresh to begin anew");
    }
  }

  private static int dryRun(GraphSpec spec, Source source, Console console) {
    try (TrainingGraph graph = new TrainingGraph(Model.of(spec), source, console.err()::println)) {
      console.out().print(new Facts().size(spec).words());
      console.out().println("the graph of a step has " + graph.operations() + " operations");
    }
    return Main.OK;
  }
}
