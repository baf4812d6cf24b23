package org.tfddpm.cli;

import static org.tfddpm.cli.Command.flag;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.apache.commons.cli.Option;
import org.tensorflow.proto.ConfigProto;
import org.tfddpm.cli.SamplingFlags.SamplerName;
import org.tfddpm.data.PictureFile;
import org.tfddpm.model.Model;
import org.tfddpm.run.Images;
import org.tfddpm.sample.Chain;
import org.tfddpm.sample.ImageSampler;
import org.tfddpm.sample.Known;
import org.tfddpm.spec.BadInput;
import org.tfddpm.spec.GraphSpec;

/** {@code tfddpm inpaint}: Lugmayr et al. 2022, RePaint. */
final class InpaintCommand implements Command {
  private static final String USUAL_OUT = "inpainted.png";
  private static final int USUAL_COUNT = 16;
  private static final Set<SamplerName> SAMPLERS = EnumSet.of(SamplerName.DDIM, SamplerName.DDPM);

  @Override
  public String name() {
    return "inpaint";
  }

  @Override
  public String sentence() {
    return "Paints a part of a picture anew, so that it fits the rest.";
  }

  @Override
  public List<Option> flags() {
    List<Option> all = new ArrayList<>(SharedSampling.flags("run", "model"));
    all.add(flag("image", "FILE", "the picture, of the model's size (PNG, JPEG, BMP, GIF)"));
    all.add(
        flag(
            "mask",
            "FILE",
            "a picture of the same size: white (128 or more) is painted anew, black stays as it is;"
                + " transparency counts for nothing"));
    all.add(PicturesFlag.resize("picture and its mask"));
    all.addAll(ResampleFlags.options());
    all.addAll(SharedSampling.flags("checkpoint", "weights", "label", "guidance"));
    all.addAll(SharedSampling.flags("guidance-rescale"));
    all.add(SamplingFlags.sampler(SAMPLERS, SamplerName.DDPM));
    all.addAll(SharedSampling.flags("steps", "spacing", "eta", "variance", "x0", "percentile"));
    all.add(flag("count", "N", "how many pictures (default " + USUAL_COUNT + ")"));
    all.addAll(SharedSampling.flags("batch", "seed", "device"));
    all.addAll(OutFlags.options(USUAL_OUT));
    return all;
  }

  @Override
  public List<String> examples() {
    return List.of(
        "inpaint --run runs/digits --image seven.png --mask lower-half.png --out sevens.png",
        "inpaint --run runs/photos --image me.jpg --mask me-mask.png --resize --steps 250 --out me/");
  }

  @Override
  public int run(Flags flags, Console console) throws IOException {
    flags.words(0);
    OutFlags out = new OutFlags(flags, USUAL_OUT);
    PictureFile picture = PictureFile.read("--image", needed(flags, "image"));
    PictureFile mask = PictureFile.read("--mask", needed(flags, "mask"));
    SharedSampling.Seeds seeds = SharedSampling.Seeds.of(flags, 1, USUAL_COUNT);
    SamplingFlags sampling = new SamplingFlags(flags, SAMPLERS, SamplerName.DDPM);
    ResampleFlags resample = new ResampleFlags(flags);
    ConfigProto config = SharedSampling.start(flags, console);
    try (TrainedModel trained = TrainedModel.open(flags, console.err()::println)) {
      Model model = Model.of(trained.spec());
      ImageSampler.Options options = sampling.options(model, trained);
      GraphSpec.Image size = model.spec().getImage();
      boolean resize = flags.has("resize");
      Known known =
          new Known(
              picture.pixels(size, resize, config), painted(mask, size, resize, config), size);
      Chain chain = resample.chain(known, options.tau(model), model.schedule().steps());
      try (ImageSampler sampler =
          new ImageSampler(model, trained.weights(), options, chain, config)) {
        Images images = sampler.sample(seeds.first(), seeds.count(), seeds.batch());
        out.write(images, "seed", seeds.first(), OutFlags.SQUARE);
      }
    }
    console.out().println(out.path());
    return Main.OK;
  }

  /** The mask in grey, in [-1,1]: 128 of 255 is the first value above 0. */
  private static float[] painted(
      PictureFile mask, GraphSpec.Image size, boolean resize, ConfigProto config) {
    float[] painted = mask.pixels(size.toBuilder().setChannels(1).build(), resize, config);
    for (float value : painted) {
      if (value > 0) {
        return painted;
      }
    }
    throw new BadInput(
        mask.named() + ": nothing is to be painted: none of it is white (128 or more of 255)");
  }

  private static Path needed(Flags flags, String flag) {
    return flags.path(flag).orElseThrow(() -> new BadInput("--" + flag + " FILE is needed"));
  }
}
