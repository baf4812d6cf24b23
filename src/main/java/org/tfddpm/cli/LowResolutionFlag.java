package org.tfddpm.cli;

import static org.tfddpm.cli.Command.flag;

import java.util.List;
import java.util.Optional;
import org.apache.commons.cli.Option;
import org.tensorflow.proto.ConfigProto;
import org.tfddpm.model.Model;
import org.tfddpm.spec.BadInput;

/** The flag that says which low-resolution pictures are to be made large. */
final class LowResolutionFlag {
  static final String NAME = "low-resolution";

  private final Optional<PicturesFlag> pictures;

  /** Its description. */
  static Option option() {
    return flag(
        NAME,
        "PATH",
        "pictures to make large, in turn, with a model that does: FILE,FILE,..., a folder, or X.npy");
  }

  /**
   * Reads the files without looking into them.
   *
   * @throws BadInput if one cannot be read
   */
  LowResolutionFlag(Flags flags) {
    pictures = flags.text(NAME).map(names -> new PicturesFlag(flags, "--" + NAME, names));
  }

  /**
   * The pictures, [h,w,C] in [-1,1] each; none where the flag was not given.
   *
   * @throws BadInput if the model takes none, or one is no picture or of another size
   */
  List<float[]> pixels(Model model, ConfigProto config) {
    if (pictures.isPresent() && model.upsampling() == 1) {
      throw new BadInput(
          "--"
              + NAME
              + ": the model was trained without low-resolution images (condition.upsampling is 1)");
    }
    return pictures.map(each -> each.pixels(model.lowSize(), config)).orElse(List.of());
  }
}
