package org.tfddpm.cli;

import static org.tfddpm.cli.Command.flag;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.cli.Option;
import org.tensorflow.proto.ConfigProto;
import org.tfddpm.device.Device;
import org.tfddpm.diffusion.schedule.Spacing;
import org.tfddpm.model.Model;
import org.tfddpm.run.Folders;
import org.tfddpm.run.Images;
import org.tfddpm.sample.ImageSampler;
import org.tfddpm.sample.Method;
import org.tfddpm.spec.BadInput;

/** {@code tfddpm sample}. */
final class SampleCommand implements Command {
  private static final int DEFAULT_STEPS = 50;
  private static final int DEFAULT_COUNT = 64;

  /** Values of --sampler. */
  enum SamplerName {
    DDIM,
    DDPM,
    HEUN,
    DPMPP_2M
  }

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
    return List.of(
        flag("run", "DIR", "run directory to sample from"),
        flag("model", "DIR", "exported model to sample from, in place of --run"),
        flag("checkpoint", "STEP", "which checkpoint of the run (default: the latest)"),
        flag("weights", "averaged|live", "which weights of the run (default averaged)"),
        flag("sampler", "ddim|ddpm|heun|dpmpp_2m", "default ddim"),
        flag("steps", "S", "time steps to visit, 1 ... T (default 50)"),
        flag("eta", "E", "randomness of ddim, 0 ... 1 (default 0)"),
        flag("spacing", "uniform|quadratic|even", "which time steps (default uniform)"),
        flag("count", "N", "how many pictures (default 64)"),
        flag("batch", "N", "how many at a time; changes no picture (default 64)"),
        flag("seed", "N", "picture i has seed N + i (default 0)"),
        flag("device", "auto|cpu|gpu", "where to run (default auto: a GPU where there is one)"),
        flag(
            "out",
            "PATH",
            "X.png: one grid; X.npy: uint8 [N,H,W,C]; X/: a PNG each (default samples.png)"),
        flag("force", "overwrites what is at PATH"));
  }

  @Override
  public List<String> examples() {
    return List.of(
        "sample --run runs/digits --out digits.png",
        "sample --run runs/digits --sampler ddpm --steps 1000 --count 500 --out digits.npy");
  }

  @Override
  public int run(Flags flags, Console console) throws IOException {
    flags.words(0);
    int count = (int) (long) flags.integer("count", 1, 1_000_000).orElse((long) DEFAULT_COUNT);
    int batch = (int) (long) flags.integer("batch", 1, 65536).orElse((long) DEFAULT_COUNT);
    int seed =
        (int) (long) flags.integer("seed", 0, ImageSampler.LAST_SEED - count + 1L).orElse(0L);
    Path out = flags.path("out").orElse(Path.of("samples.png"));
    ImageFiles files = ImageFiles.at(flags.text("out").orElse("samples.png"), flags.has("force"));
    console.startTensorFlow();
    ConfigProto config = flags.choice("device", Device.class).orElse(Device.AUTO).config();
    try (TrainedModel trained = TrainedModel.open(flags, console.err()::println)) {
      Model model = Model.of(trained.spec());
      ImageSampler.Options options = options(flags, model);
      try (ImageSampler sampler = new ImageSampler(model, trained.weights(), options, config)) {
        Images images = sampler.sample(seed, count, batch);
        write(files, images, seed, out);
      }
    }
    console.out().println(out);
    return Main.OK;
  }

  private static void write(ImageFiles files, Images images, int seed, Path out)
      throws IOException {
    try {
      files.write(images, seed);
    } catch (IOException e) {
      throw new IOException("--out " + out + ": " + Folders.reason(e), e);
    }
  }

  static ImageSampler.Options options(Flags flags, Model model) {
    SamplerName sampler = flags.choice("sampler", SamplerName.class).orElse(SamplerName.DDIM);
    int most = model.schedule().steps();
    int steps =
        (int) (long) flags.integer("steps", 1, most).orElse((long) Math.min(DEFAULT_STEPS, most));
    double eta = flags.number("eta", 0, 1).orElse(0.0);
    Spacing spacing = flags.choice("spacing", Spacing.class).orElse(Spacing.UNIFORM);
    if (sampler != SamplerName.DDIM && flags.has("eta")) {
      throw new BadInput(
          "--eta " + eta + ": only --sampler ddim has it; ddpm's variance is the model's");
    }
    Method method =
        switch (sampler) {
          case DDIM -> eta == 0 ? Method.DDIM_DETERMINISTIC : Method.DDIM;
          case DDPM -> Method.DDPM;
          case HEUN -> Method.HEUN;
          case DPMPP_2M -> Method.DPMPP_2M;
        };
    return new ImageSampler.Options(method, steps, eta, spacing);
  }
}
