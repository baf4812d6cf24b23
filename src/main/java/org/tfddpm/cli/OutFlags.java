package org.tfddpm.cli;

import static org.tfddpm.cli.Command.flag;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.cli.Option;
import org.tfddpm.run.Folders;
import org.tfddpm.run.Images;
import org.tfddpm.spec.BadInput;

/** The flags that say where pictures go. */
final class OutFlags {
  private final Path path;
  private final ImageFiles files;

  /** Their descriptions. */
  static List<Option> options(String usual) {
    return List.of(
        flag(
            "out",
            "PATH",
            "X.png: one grid; X.npy: uint8 [N,H,W,C]; X/: a PNG each (default " + usual + ")"),
        flag("force", "overwrites what is at PATH"));
  }

  /**
   * Checks them.
   *
   * @throws BadInput if nothing can be written there, or something is there already
   */
  OutFlags(Flags flags, String usual) {
    path = flags.path("out").orElse(Path.of(usual));
    files = ImageFiles.at(flags.text("out").orElse(usual), flags.has("force"));
  }

  Path path() {
    return path;
  }

  /**
   * Writes the images.
   *
   * @param name of the files in a folder, before the number
   * @param first the number of the first one
   * @param columns of a grid, or {@link ImageFiles#SQUARE}
   */
  void write(Images images, String name, int first, int columns) throws IOException {
    try {
      files.write(images, name, first, columns);
    } catch (IOException e) {
      throw new IOException("--out " + path + ": " + Folders.reason(e), e);
    }
  }
}
