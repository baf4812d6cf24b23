package org.tfddpm.cli;

import static org.tfddpm.cli.Command.flag;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.cli.Option;
import org.tensorflow.proto.ConfigProto;
import org.tfddpm.device.Device;
import org.tfddpm.model.Model;
import org.tfddpm.run.Images;
import org.tfddpm.sample.Chain;
import org.tfddpm.sample.ImageSampler;

/** {@code tfddpm sample}. */
final class SampleCommand implements Command {
  private static final int DEFAULT_COUNT = 64;

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
    all.addAll(FromImageFlags.options());
    all.add(flag("count", "N", "how many pictures (default 64)"));
    all.add(flag("batch", "N", "how many at a time; changes no picture (default 64)"));
    all.add(flag("seed", "N", "picture i has seed N + i (default 0)"));
    all.add(
        flag("device", "auto|cpu|gpu", "where to run (default auto: a GPU where there is one)"));
    all.addAll(OutFlags.options("samples.png"));
    return all;
  }

  @Override
  public List<String> examples() {
    return List.of(
        "sample --run runs/digits --out digits.png",
        "sample --run runs/digits-classes --label 3,7 --guidance 2 --out threes-and-sevens.png",
        "sample --run runs/digits --classifier runs/digits-classifier --classifier-scale 3 --label 7",
        "sample --run runs/digits --from-image seven.png --strength 0.4 --count 16 --out sevens.png",
        "sample --run runs/digits --sampler ddpm --steps 1000 --count 500 --out digits.npy");
  }

  @Override
  public int run(Flags flags, Console console) throws IOException {
    flags.words(0);
    int count = (int) (long) flags.integer("count", 1, 1_000_000).orElse((long) DEFAULT_COUNT);
    int batch = (int) (long) flags.integer("batch", 1, 65536).orElse((long) DEFAULT_COUNT);
    int seed =
        (int) (long) flags.integer("seed", 0, ImageSampler.LAST_SEED - count + 1L).orElse(0L);
    SamplingFlags sampling = new SamplingFlags(flags);
    FromImageFlags from = new FromImageFlags(flags);
    OutFlags out = new OutFlags(flags, "samples.png");
    console.startTensorFlow();
    ConfigProto config = flags.choice("device", Device.class).orElse(Device.AUTO).config();
    try (TrainedModel trained = TrainedModel.open(flags, console.err()::println)) {
      Model model = Model.of(trained.spec());
      ImageSampler.Options options = sampling.options(model, trained);
      Chain chain = from.chain(model, options, config);
      try (ImageSampler sampler =
          new ImageSampler(model, trained.weights(), options, chain, config)) {
        Images images = sampler.sample(seed, count, batch);
        out.write(images, "seed", seed, ImageFiles.SQUARE);
      }
    }
    console.out().println(out.path());
    return Main.OK;
  }
}
