package org.tfddpm.cli;

import static org.tfddpm.cli.Command.flag;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.commons.cli.Option;
import org.tensorflow.proto.ConfigProto;
import org.tfddpm.diffusion.schedule.Spacing;
import org.tfddpm.evaluate.Bound;
import org.tfddpm.evaluate.Distances;
import org.tfddpm.evaluate.Features;
import org.tfddpm.evaluate.report.BoundReport;
import org.tfddpm.evaluate.report.DistanceReport;
import org.tfddpm.evaluate.report.LikelihoodReport;
import org.tfddpm.evaluate.report.ReconstructionReport;
import org.tfddpm.model.Model;
import org.tfddpm.sample.ImageSampler;
import org.tfddpm.spec.BadInput;

/** {@code tfddpm evaluate}. */
final class EvaluateCommand implements Command {
  private static final int DEFAULT_COUNT = 1000;
  private static final int DEFAULT_ODE_STEPS = 100;

  /** Values of --metrics. */
  private enum Metric {
    DISTANCES,
    BOUND,
    LIKELIHOOD,
    RECONSTRUCTION
  }

  @Override
  public String name() {
    return "evaluate";
  }

  @Override
  public String sentence() {
    return "Tells how good a model is: its pictures beside the data, its bound on the likelihood.";
  }

  @Override
  public List<Option> flags() {
    List<Option> flags = new ArrayList<>(SharedSampling.flags());
    flags.add(
        flag(
            "metrics",
            "NAME,NAME",
            "distances, bound (bits per dimension; of T steps unless --steps), likelihood (by the"
                + " ODE), reconstruction (default distances)"));
    flags.add(
        flag(
            "count",
            "N",
            "how many pictures, and images for the other metrics, from 4 (default 1000)"));
    flags.addAll(Comparing.flags());
    flags.add(flag("out", "DIR", "where tables go (default RUN/evaluation; none for --model)"));
    flags.add(flag("json", "one JSON document"));
    return flags;
  }

  @Override
  public List<String> examples() {
    return List.of(
        "evaluate --run runs/digits --count 500 --metrics distances,bound",
        "evaluate --run runs/cifar10 --sampler ddim --steps 100 --count 50000"
            + " --features inception.pb:pool_3 --features-range byte");
  }

  @Override
  public int run(Flags flags, Console console) throws IOException {
    flags.words(0);
    Set<Metric> metrics = metrics(flags);
    SharedSampling.Seeds seeds = SharedSampling.Seeds.of(flags, Distances.FEWEST, DEFAULT_COUNT);
    SamplingFlags sampling = new SamplingFlags(flags);
    ConfigProto config = SharedSampling.start(flags, console);
    try (TrainedModel trained = TrainedModel.open(flags, console.err()::println);
        Features features = Comparing.features(flags, config);
        EvaluationFiles files = EvaluationFiles.of(flags, trained.step())) {
      Model model = Model.of(trained.spec());
      ImageSampler.Options options = sampling.options(model, trained);
      Comparing.Data data =
          Comparing.Data.read(
              flags,
              trained.spec().getData().getSource(),
              trained.spec().getImage(),
              config,
              console);
      Evaluation evaluation = new Evaluation(model, trained, data, seeds, config, console);
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("model", place(flags).toString());
      StringBuilder words = new StringBuilder();
      if (metrics.contains(Metric.DISTANCES)) {
        Map<String, Object> settings =
            settings(flags, trained, SharedSampling.byName(flags, options, model), seeds);
        DistanceReport report = evaluation.distances(options, features);
        json.putAll(report.json(settings));
        words.append(report.words(place(flags), settings, seeds.words()));
        files.add("distances", report.json(settings));
      }
      boolean some = flags.has("steps") || flags.has("spacing");
      if (metrics.contains(Metric.BOUND)) {
        Spacing spacing = some ? options.spacing() : Spacing.uniform(model.schedule().steps());
        BoundReport report =
            evaluation.bound(
                new Bound.Chain(
                    spacing.timesteps(model.schedule()),
                    sampling.likelihoodVariance(trained.calibration())));
        json.put("bound", report.json());
        words.append(report.words());
        files.write("bound", report.csv(), report.json(), report.plot());
      }
      if (metrics.contains(Metric.LIKELIHOOD)) {
        LikelihoodReport report = evaluation.likelihood(some ? options.spacing() : odeSteps(model));
        json.put("likelihood", report.results());
        words.append(report.words());
        files.add("likelihood", report.json(settings(flags, trained, Map.of(), seeds)));
      }
      if (metrics.contains(Metric.RECONSTRUCTION)) {
        ReconstructionReport report = evaluation.reconstruction();
        json.put("reconstruction", report.json());
        words.append(report.words());
        files.write("reconstruction", report.csv(), report.json(), report.plot());
      }
      if (flags.has("json")) {
        console.out().println(JSON.std.asString(json));
      } else {
        console.out().print(words);
        files.written().forEach(console.out()::println);
      }
    }
    return Main.OK;
  }

  private static Set<Metric> metrics(Flags flags) {
    String asked = flags.text("metrics").orElse("distances");
    Set<Metric> metrics = EnumSet.noneOf(Metric.class);
    for (String each : asked.split(",", -1)) {
      metrics.add(
          Arrays.stream(Metric.values())
              .filter(metric -> metric.name().toLowerCase(Locale.ROOT).equals(each))
              .findFirst()
              .orElseThrow(
                  () ->
                      new BadInput(
                          "--metrics "
                              + asked
                              + ": allowed are distances, bound, likelihood, reconstruction, commas between")));
    }
    return metrics;
  }

  /**
   * What a run was evaluated with, wherever it lies.
   *
   * @param how its pictures are made, if any are
   */
  private static Map<String, Object> settings(
      Flags flags, TrainedModel trained, Map<String, Object> how, SharedSampling.Seeds seeds) {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("step", trained.step());
    settings.put("weights", flags.text("weights").orElse("averaged"));
    settings.putAll(how);
    settings.put("seed", seeds.first());
    return settings;
  }

  /** The noise levels at which ODEs are best solved. */
  private static Spacing odeSteps(Model model) {
    return Spacing.karras(Math.min(DEFAULT_ODE_STEPS, model.schedule().steps()));
  }

  private static Path place(Flags flags) {
    return flags.path("run").or(() -> flags.path("model")).orElseThrow();
  }
}
