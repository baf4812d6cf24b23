package org.tfddpm.cli;

import static org.tfddpm.cli.Command.flag;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.cli.Option;
import org.tfddpm.run.Gif;
import org.tfddpm.run.Images;
import org.tfddpm.run.Png;
import org.tfddpm.sample.Film;
import org.tfddpm.sample.ImageSampler;
import org.tfddpm.spec.BadInput;

/** The flags that ask how pictures come about. */
final class ProgressFlags {
  private static final int FRAMES = 10;
  private static final int FRAMES_OF_GIF = 30;

  private final Optional<OutPath> out;
  private final int frames;
  private final Film.Shows shows;

  /** Their descriptions. */
  static List<Option> options() {
    return List.of(
        flag(
            "progress",
            "FILE",
            "also writes how they come about: X.png, a row for each picture, or X.gif, which moves"),
        flag(
            "frames",
            "F",
            "how many looks at each picture, at most one a step (default 10, 30 of a GIF)"),
        flag(
            "frames-of",
            "x0|x",
            "what is seen: the estimate of the picture, or the picture under its noise (default"
                + " x0)"));
  }

  /**
   * Checks them.
   *
   * @throws BadInput if nothing can be written there, something is there already, or there is more
   *     than --progress without it
   */
  ProgressFlags(Flags flags) {
    for (String flag : List.of("frames", "frames-of")) {
      if (flags.has(flag) && !flags.has("progress")) {
        throw new BadInput(
            "--" + flag + " " + flags.text(flag).orElse("") + ": allowed with --progress FILE");
      }
    }
    out =
        flags
            .text("progress")
            .map(name -> OutPath.of("--progress", name, flags.has("force"), ".png", ".gif"));
    int usual = isGif() ? FRAMES_OF_GIF : FRAMES;
    frames = (int) (long) flags.integer("frames", 2, 1000).orElse((long) usual);
    shows = flags.choice("frames-of", Film.Shows.class).orElse(Film.Shows.X0);
  }

  /** Where it is written, if it is. */
  Optional<Path> path() {
    return out.map(OutPath::path);
  }

  /**
   * The pictures, which are the same whether they are looked at on the way or not.
   *
   * @throws IOException if what is seen cannot be written
   */
  Images sample(ImageSampler sampler, SharedSampling.Seeds seeds) throws IOException {
    if (out.isEmpty()) {
      return sampler.sample(seeds.first(), seeds.count(), seeds.batch());
    }
    Film film = new Film(sampler.steps(), frames, shows);
    Images images = sampler.sample(seeds.first(), seeds.count(), seeds.batch(), film);
    List<Images> seen = film.frames(images);
    out.get().write(isGif() ? Gif.of(seen) : Png.grid(Images.byRow(seen), seen.size()).bytes());
    return images;
  }

  private boolean isGif() {
    return out.map(OutPath::ending).filter(Set.of(".gif")::contains).isPresent();
  }
}
