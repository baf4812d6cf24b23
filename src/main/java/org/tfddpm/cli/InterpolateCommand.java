package org.tfddpm.cli;

import static org.tfddpm.cli.Command.flag;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.cli.Option;
import org.tensorflow.proto.ConfigProto;
import org.tfddpm.diffusion.sampler.Slerp;
import org.tfddpm.model.Model;
import org.tfddpm.run.Images;
import org.tfddpm.sample.ImageSampler;
import org.tfddpm.spec.BadInput;

/** {@code tfddpm interpolate}. */
final class InterpolateCommand implements Command {
  private static final int DEFAULT_COUNT = 10;

  /** A grid of at most so many pictures is one row. */
  private static final int LONGEST_ROW = 16;

  @Override
  public String name() {
    return "interpolate";
  }

  @Override
  public String sentence() {
    return "Makes pictures on the way from one seed's picture to another's.";
  }

  @Override
  public List<Option> flags() {
    List<Option> all = new ArrayList<>(SharedSampling.flags("run", "model"));
    all.add(flag("from-seed", "A", "the first picture is that of sample --seed A"));
    all.add(flag("to-seed", "B", "the last picture is that of sample --seed B"));
    all.add(flag("count", "N", "how many pictures, with both ends (default 10)"));
    all.addAll(
        SharedSampling.flags(
            "checkpoint", "weights", "label", "guidance", "guidance-rescale", "steps", "spacing"));
    all.addAll(SharedSampling.flags("x0", "percentile", "batch", "device"));
    all.addAll(OutFlags.options("interpolation.png"));
    return all;
  }

  @Override
  public List<String> examples() {
    return List.of(
        "interpolate --run runs/digits --from-seed 3 --to-seed 8 --out three-to-eight.png",
        "interpolate --model export/models/digits --from-seed 0 --to-seed 1 --count 60 --out way/");
  }

  @Override
  public int run(Flags flags, Console console) throws IOException {
    flags.words(0);
    int from = seed(flags, "from-seed");
    int to = seed(flags, "to-seed");
    int count = (int) (long) flags.integer("count", 2, 10_000).orElse((long) DEFAULT_COUNT);
    int batch = SharedSampling.Seeds.batch(flags);
    OutFlags out = new OutFlags(flags, "interpolation.png");
    SamplingFlags sampling = new SamplingFlags(flags);
    ConfigProto config = SharedSampling.start(flags, console);
    try (TrainedModel trained = TrainedModel.open(flags, console.err()::println)) {
      Model model = Model.of(trained.spec());
      ImageSampler.Options options =
          sampling.options(model, trained).with(new LabelFlags(flags).wantedOfAll(model));
      try (ImageSampler sampler = new ImageSampler(model, trained.weights(), options, config)) {
        float[] first = sampler.noise(from);
        float[] last = sampler.noise(to);
        Images images =
            sampler.imagesFrom(i -> Slerp.of(first, last, i / (count - 1.0)), count, batch);
        int columns = count <= LONGEST_ROW ? count : OutFlags.SQUARE;
        out.write(images, "picture", 0, columns);
      }
    }
    console.out().println(out.path());
    return Main.OK;
  }

  private static int seed(Flags flags, String flag) {
    return (int)
        (long)
            flags
                .integer(flag, 0, ImageSampler.LAST_SEED)
                .orElseThrow(
                    () ->
                        new BadInput(
                            "--"
                                + flag
                                + " N is needed: a whole number in 0 ... "
                                + ImageSampler.LAST_SEED));
  }
}
