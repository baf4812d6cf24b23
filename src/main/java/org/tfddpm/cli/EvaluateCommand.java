package org.tfddpm.cli;

import static org.tfddpm.cli.Command.flag;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.cli.Option;
import org.tensorflow.proto.ConfigProto;
import org.tfddpm.device.Device;
import org.tfddpm.evaluate.Distances;
import org.tfddpm.evaluate.Evaluations;
import org.tfddpm.evaluate.Features;
import org.tfddpm.evaluate.Vectors;
import org.tfddpm.model.Model;
import org.tfddpm.run.Folders;
import org.tfddpm.run.Images;
import org.tfddpm.run.RunDirectory;
import org.tfddpm.sample.ImageSampler;

/** {@code tfddpm evaluate}. */
final class EvaluateCommand implements Command {
  private static final int DEFAULT_COUNT = 1000;

  @Override
  public String name() {
    return "evaluate";
  }

  @Override
  public String sentence() {
    return "Tells how far a model's pictures are from the data.";
  }

  @Override
  public List<Option> flags() {
    List<Option> flags = new ArrayList<>(SharedSampling.flags());
    flags.add(flag("count", "N", "how many pictures, from 4 (default 1000)"));
    flags.addAll(Comparing.flags());
    flags.add(flag("out", "DIR", "where tables go (default RUN/evaluation; none for --model)"));
    flags.add(flag("json", "one JSON document"));
    return flags;
  }

  @Override
  public List<String> examples() {
    return List.of(
        "evaluate --run runs/digits --count 500",
        "evaluate --run runs/cifar10 --sampler ddim --steps 100 --count 50000"
            + " --features inception.pb:pool_3 --features-range byte");
  }

  @Override
  public int run(Flags flags, Console console) throws IOException {
    flags.words(0);
    SharedSampling.Seeds seeds = SharedSampling.Seeds.of(flags, Distances.FEWEST, DEFAULT_COUNT);
    SamplingFlags sampling = new SamplingFlags(flags);
    console.startTensorFlow();
    ConfigProto config = flags.choice("device", Device.class).orElse(Device.AUTO).config();
    try (TrainedModel trained = TrainedModel.open(flags, console.err()::println);
        Features features = Comparing.features(flags, config)) {
      Model model = Model.of(trained.spec());
      ImageSampler.Options options = sampling.options(model, trained.calibration());
      Comparing.Data data =
          Comparing.Data.read(
              flags,
              trained.spec().getData().getSource(),
              trained.spec().getImage(),
              features,
              config,
              console);
      Images pictures =
          SharedSampling.pictures(
              model,
              trained,
              options,
              seeds,
              config,
              new Tally(console, "pictures", seeds.count()));
      Vectors vectors =
          features.of(pictures, new Tally(console, "features of pictures", seeds.count()));
      DistanceReport report =
          new DistanceReport(
              data.source(),
              features.name(),
              vectors.dimension(),
              Distances.between(vectors, data.vectors()),
              Distances.within(data.vectors(), seeds.count()));
      Map<String, Object> settings = settings(flags, trained, options, model, seeds);
      Map<String, Object> evaluation = report.json(settings);
      List<Path> files = write(flags, evaluation);
      if (flags.has("json")) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("model", place(flags).toString());
        all.putAll(evaluation);
        console.out().println(JSON.std.asString(all));
      } else {
        console.out().print(report.words(place(flags), settings, seeds));
        files.forEach(console.out()::println);
      }
    }
    return Main.OK;
  }

  /** What a run was evaluated with, wherever it lies. */
  private static Map<String, Object> settings(
      Flags flags,
      TrainedModel trained,
      ImageSampler.Options options,
      Model model,
      SharedSampling.Seeds seeds) {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("step", trained.step());
    settings.put("weights", flags.text("weights").orElse("averaged"));
    settings.putAll(SharedSampling.byName(flags, options, model));
    settings.put("seed", seeds.first());
    return settings;
  }

  private static Path place(Flags flags) {
    return flags.path("run").or(() -> flags.path("model")).orElseThrow();
  }

  private static List<Path> write(Flags flags, Map<String, Object> evaluation) throws IOException {
    Path folder =
        flags
            .path("out")
            .or(() -> flags.path("run").map(run -> RunDirectory.open(run).evaluation()))
            .orElse(null);
    if (folder == null) {
      return List.of();
    }
    try {
      return new Evaluations(folder, "distances").add(evaluation);
    } catch (IOException e) {
      throw new IOException(folder + ": " + Folders.reason(e), e);
    }
  }
}
