package org.tfddpm.cli;

import static org.tfddpm.cli.Command.flag;

import java.util.List;
import java.util.Optional;
import org.apache.commons.cli.Option;
import org.tensorflow.proto.ConfigProto;
import org.tfddpm.data.PictureFile;
import org.tfddpm.model.Model;
import org.tfddpm.sample.Chain;
import org.tfddpm.sample.ImageSampler;
import org.tfddpm.spec.BadInput;

/** The flags that say from which picture sampling begins, where it does not from noise alone. */
final class FromImageFlags {
  private static final double DEFAULT_STRENGTH = 0.5;

  private final Optional<PictureFile> picture;
  private final double strength;
  private final boolean resize;

  /** Their descriptions. */
  static List<Option> options() {
    return List.of(
        flag(
            "from-image",
            "FILE",
            "begins with this picture under noise, not with noise alone (PNG, JPEG, BMP, GIF)"),
        flag(
            "strength",
            "S",
            "how far it goes into the noise: this fraction of the time steps, above 0, up to 1"
                + " (default 0.5)"),
        flag("resize", "scales and crops the picture to the model's size, as training does"));
  }

  /**
   * Checks all that can be without TensorFlow.
   *
   * @throws BadInput if the file cannot be read, the strength is out of range, or there is one
   *     without a file
   */
  FromImageFlags(Flags flags) {
    for (String flag : List.of("strength", "resize")) {
      boolean small = flag.equals("resize") && flags.has(LowResolutionFlag.NAME);
      if (flags.has(flag) && !flags.has("from-image") && !small) {
        String value = flags.text(flag).map(text -> " " + text).orElse("");
        throw new BadInput("--" + flag + value + ": allowed with --from-image FILE");
      }
    }
    strength = flags.number("strength", 0, 1).orElse(DEFAULT_STRENGTH);
    if (strength == 0) {
      throw new BadInput(
          "--strength "
              + flags.text("strength").orElse("")
              + ": allowed are numbers above 0, up to 1");
    }
    resize = flags.has("resize");
    picture = flags.path("from-image").map(file -> PictureFile.read("--from-image", file));
  }

  /**
   * The way to the pictures.
   *
   * @throws BadInput if the file is no picture, or not of the model's size
   */
  Chain chain(Model model, ImageSampler.Options options, ConfigProto config) {
    int[] tau = options.tau(model);
    return picture
        .map(file -> file.pixels(model.spec().getImage(), resize, config))
        .map(x0 -> Chain.fromImage(x0, model.spec().getImage(), tau, strength))
        .orElseGet(() -> Chain.fromNoise(tau));
  }
}
