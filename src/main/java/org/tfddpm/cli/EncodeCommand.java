package org.tfddpm.cli;

import static org.tfddpm.cli.Command.flag;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.apache.commons.cli.Option;
import org.tensorflow.proto.ConfigProto;
import org.tfddpm.cli.SamplingFlags.SamplerName;
import org.tfddpm.model.Model;
import org.tfddpm.run.Npy;
import org.tfddpm.sample.Chain;
import org.tfddpm.sample.ImageSampler;
import org.tfddpm.spec.GraphSpec;

/** {@code tfddpm encode}: Song et al. 2020, section 4.3. */
final class EncodeCommand implements Command {
  private static final String USUAL_OUT = "noise.npy";
  private static final Set<SamplerName> SAMPLERS = EnumSet.of(SamplerName.DDIM, SamplerName.HEUN);

  @Override
  public String name() {
    return "encode";
  }

  @Override
  public String sentence() {
    return "Finds the noise that pictures are made of; decode makes them of it again.";
  }

  @Override
  public List<Option> flags() {
    List<Option> all = new ArrayList<>(SharedSampling.flags("run", "model"));
    all.addAll(PicturesFlag.options());
    all.addAll(SharedSampling.flags("checkpoint", "weights"));
    all.addAll(LabelFlags.ofPictures());
    all.add(SamplingFlags.sampler(SAMPLERS, SamplerName.DDIM));
    all.addAll(SharedSampling.flags("steps", "spacing", "batch", "device"));
    all.add(flag("out", "X.npy", "float32 [N,H,W,C] (default " + USUAL_OUT + ")"));
    all.add(OutFlags.force());
    return all;
  }

  @Override
  public List<String> examples() {
    return List.of(
        "encode --run runs/digits --image seven.png --out seven.npy",
        "encode --run runs/photos --image holiday/ --resize --steps 200 --out holiday.npy");
  }

  @Override
  public int run(Flags flags, Console console) throws IOException {
    flags.words(0);
    OutPath out =
        OutPath.of("--out", flags.text("out").orElse(USUAL_OUT), flags.has("force"), ".npy");
    PicturesFlag pictures = new PicturesFlag(flags);
    SamplingFlags sampling = new SamplingFlags(flags, SAMPLERS, SamplerName.DDIM);
    int batch = SharedSampling.Seeds.batch(flags);
    ConfigProto config = SharedSampling.start(flags, console);
    try (TrainedModel trained = TrainedModel.open(flags, console.err()::println)) {
      Model model = Model.of(trained.spec());
      ImageSampler.Options options =
          sampling.options(model, trained, new LabelFlags(flags).wantedOrNone(model)).upward();
      GraphSpec.Image size = model.spec().getImage();
      List<float[]> x0 = pictures.pixels(size, config);
      try (ImageSampler sampler =
          new ImageSampler(
              model, trained.weights(), options, Chain.toNoise(options.tau(model)), config)) {
        float[] noise = sampler.ends(x0::get, x0.size(), batch);
        out.write(Npy.of(noise, x0.size(), size.getHeight(), size.getWidth(), size.getChannels()));
      }
    }
    console.out().println(out.path());
    return Main.OK;
  }
}
