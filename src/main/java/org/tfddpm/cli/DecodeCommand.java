package org.tfddpm.cli;

import static org.tfddpm.cli.Command.flag;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.apache.commons.cli.Option;
import org.tensorflow.proto.ConfigProto;
import org.tfddpm.cli.SamplingFlags.SamplerName;
import org.tfddpm.model.Model;
import org.tfddpm.run.Images;
import org.tfddpm.run.NpyFile;
import org.tfddpm.sample.ImageSampler;
import org.tfddpm.spec.BadInput;
import org.tfddpm.spec.GraphSpec;

/** {@code tfddpm decode}. */
final class DecodeCommand implements Command {
  private static final String USUAL_OUT = "decoded.png";

  /** Those by which the noise alone decides. */
  private static final Set<SamplerName> SAMPLERS =
      EnumSet.of(
          SamplerName.DDIM,
          SamplerName.EULER,
          SamplerName.HEUN,
          SamplerName.DPMPP_2M,
          SamplerName.DPMPP_3M);

  @Override
  public String name() {
    return "decode";
  }

  @Override
  public String sentence() {
    return "Makes the pictures of given noise, such as encode finds.";
  }

  @Override
  public List<Option> flags() {
    List<Option> all = new ArrayList<>(SharedSampling.flags("run", "model"));
    all.add(flag("noise", "X.npy", "x at the last time step that is visited, float32 [N,H,W,C]"));
    all.addAll(SharedSampling.flags("checkpoint", "weights"));
    all.addAll(LabelFlags.ofPictures());
    all.add(SamplingFlags.sampler(SAMPLERS, SamplerName.DDIM));
    all.addAll(SharedSampling.flags("steps", "spacing", "x0", "percentile", "batch", "device"));
    all.addAll(OutFlags.options(USUAL_OUT));
    return all;
  }

  @Override
  public List<String> examples() {
    return List.of(
        "decode --run runs/digits --noise seven.npy --out seven-again.png",
        "decode --run runs/photos --noise holiday.npy --steps 200 --out holiday-again/");
  }

  @Override
  public int run(Flags flags, Console console) throws IOException {
    flags.words(0);
    OutFlags out = new OutFlags(flags, USUAL_OUT);
    NpyFile file =
        NpyFile.read(
            "--noise",
            flags
                .path("noise")
                .orElseThrow(
                    () -> new BadInput("--noise X.npy is needed: what encode has written")));
    SamplingFlags sampling = new SamplingFlags(flags, SAMPLERS, SamplerName.DDIM);
    int batch = SharedSampling.Seeds.batch(flags);
    ConfigProto config = SharedSampling.start(flags, console);
    try (TrainedModel trained = TrainedModel.open(flags, console.err()::println)) {
      Model model = Model.of(trained.spec());
      ImageSampler.Options options =
          sampling.options(model, trained, new LabelFlags(flags).wantedOrNone(model));
      GraphSpec.Image of = model.spec().getImage();
      float[] noise = file.floats(of);
      int size = of.getHeight() * of.getWidth() * of.getChannels();
      try (ImageSampler sampler = new ImageSampler(model, trained.weights(), options, config)) {
        Images images =
            sampler.imagesFrom(
                i -> Arrays.copyOfRange(noise, i * size, (i + 1) * size),
                noise.length / size,
                batch);
        out.write(images, "picture", 0, OutFlags.SQUARE);
      }
    }
    console.out().println(out.path());
    return Main.OK;
  }
}
