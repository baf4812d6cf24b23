package org.tfddpm.cli;

import static org.tfddpm.cli.Command.flag;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.cli.Option;
import org.tensorflow.proto.ConfigProto;
import org.tfddpm.model.Model;
import org.tfddpm.sample.Chain;
import org.tfddpm.sample.ImageSampler;

/** {@code tfddpm sample}. */
final class SampleCommand implements Command {
  private static final int DEFAULT_COUNT = 64;
  private static final String USUAL_OUT = "samples.png";

  @Override
  public String name() {
    return "sample";
  }

  @Override
  public String sentence() {
    return "Makes pictures with a trained model.";
  }

  @Override
  public List<Option> flags() {
    List<Option> all = new ArrayList<>();
    all.add(flag("run", "DIR", "run directory to sample from"));
    all.add(flag("model", "DIR", "exported model to sample from, in place of --run"));
    all.add(flag("checkpoint", "STEP", "which checkpoint of the run (default: the latest)"));
    all.add(flag("weights", "averaged|live", "which weights of the run (default averaged)"));
    all.addAll(LabelFlags.options());
    all.addAll(SamplingFlags.options());
    all.add(LowResolutionFlag.option());
    all.addAll(FromImageFlags.options());
    all.add(GridFlag.option());
    all.add(flag("count", "N", "how many pictures (default 64)"));
    all.add(flag("batch", "N", "how many at a time; changes no picture (default 64)"));
    all.add(flag("seed", "N", "picture i has seed N + i (default 0)"));
    all.add(
        flag("device", "auto|cpu|gpu", "where to run (default auto: a GPU where there is one)"));
    all.addAll(OutFlags.options(USUAL_OUT));
    all.addAll(ProgressFlags.options());
    return all;
  }

  @Override
  public List<String> examples() {
    return List.of(
        "sample --run runs/digits --out digits.png",
        "sample --run runs/digits-classes --label 3,7 --guidance 2 --out threes-and-sevens.png",
        "sample --run runs/digits --classifier runs/digits-classifier --classifier-scale 3 --label 7",
        "sample --run runs/digits-classes --grid label,seed --out classes.png",
        "sample --run runs/digits --count 16 --progress out-of-noise.gif",
        "sample --run runs/digits-upsample --low-resolution small.npy --out large.png",
        "sample --run runs/digits --from-image seven.png --strength 0.4 --count 16 --out sevens.png",
        "sample --run runs/digits --sampler ddpm --steps 1000 --count 500 --out digits.npy");
  }

  @Override
  public int run(Flags flags, Console console) throws IOException {
    flags.words(0);
    GridFlag.check(flags);
    SharedSampling.Seeds seeds =
        SharedSampling.Seeds.of(flags, 1, GridFlag.usualCount(flags, DEFAULT_COUNT));
    SamplingFlags sampling = new SamplingFlags(flags);
    LowResolutionFlag low = new LowResolutionFlag(flags);
    FromImageFlags from = new FromImageFlags(flags);
    ProgressFlags progress = new ProgressFlags(flags);
    OutFlags out =
        flags.has("grid")
            ? new OutFlags(flags, USUAL_OUT, ".png", ".npy")
            : new OutFlags(flags, USUAL_OUT);
    ConfigProto config = SharedSampling.start(flags, console);
    try (TrainedModel trained = TrainedModel.open(flags, console.err()::println)) {
      Model model = Model.of(trained.spec());
      ImageSampler.Options options =
          sampling.options(model, trained).withLow(low.pixels(model, config));
      Chain chain = from.chain(model, options, config);
      try (ImageSampler sampler =
          new ImageSampler(model, trained.weights(), options, chain, config)) {
        if (flags.has("grid")) {
          GridFlag.Grid grid = GridFlag.of(flags, model, options.wanted(), seeds);
          out.write(sampler.sample(grid.pictures(), seeds.batch()), "picture", 0, grid.columns());
        } else {
          out.write(progress.sample(sampler, seeds), "seed", seeds.first(), OutFlags.SQUARE);
        }
      }
    }
    console.out().println(out.path());
    progress.path().ifPresent(console.out()::println);
    return Main.OK;
  }
}
