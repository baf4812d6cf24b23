package org.tfddpm.cli;

import static org.tfddpm.cli.Command.flag;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apache.commons.cli.Option;
import org.tensorflow.proto.ConfigProto;
import org.tfddpm.data.PictureFile;
import org.tfddpm.run.Images;
import org.tfddpm.run.NpyFile;
import org.tfddpm.sample.Pixels;
import org.tfddpm.spec.BadInput;
import org.tfddpm.spec.GraphSpec;

/** The flag --image of a command that takes several pictures. */
final class PicturesFlag {
  private final List<PictureFile> files;
  private final List<NpyFile> arrays;
  private final boolean resize;

  /** Descriptions of it, and of --resize. */
  static List<Option> options() {
    return List.of(
        flag(
            "image",
            "PATH",
            "the pictures: FILE,FILE,... (PNG, JPEG, BMP, GIF), a folder of them, or X.npy, uint8"
                + " [N,H,W,C]"),
        resize("pictures"));
  }

  /** The flag --resize. */
  static Option resize(String what) {
    return flag(
        "resize", "scales and crops the " + what + " to the model's size, as training does");
  }

  /**
   * Reads the files without looking into them.
   *
   * @throws BadInput if there is none, or one cannot be read
   */
  PicturesFlag(Flags flags) {
    this(
        flags,
        "--image",
        flags
            .text("image")
            .orElseThrow(
                () -> new BadInput("--image PATH is needed: FILE,FILE,..., a folder or X.npy")));
  }

  /**
   * The same of another flag.
   *
   * @param names its value
   */
  PicturesFlag(Flags flags, String flag, String names) {
    boolean array = names.endsWith(".npy");
    arrays = array ? List.of(NpyFile.read(flag, Path.of(names))) : List.of();
    files = array ? List.of() : PictureFile.readAll(flag, names);
    resize = flags.has("resize");
  }

  /**
   * The pictures as the model would see them in training, [H,W,C] in [-1,1] each.
   *
   * @throws BadInput if one is no picture, or not of the model's size
   */
  List<float[]> pixels(GraphSpec.Image size, ConfigProto config) {
    List<float[]> pixels = new ArrayList<>();
    for (PictureFile file : files) {
      pixels.add(file.pixels(size, resize, config));
    }
    for (NpyFile array : arrays) {
      Images images = array.images(size);
      IntFunction<float[]> row = i -> Pixels.signed(images, i, 1);
      IntStream.range(0, images.count()).mapToObj(row).forEach(pixels::add);
    }
    return pixels;
  }
}
