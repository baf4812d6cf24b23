package org.tfddpm.cli;

import static org.tfddpm.cli.Command.flag;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.cli.Option;
import org.tfddpm.run.AtomicFile;
import org.tfddpm.run.Images;
import org.tfddpm.run.Npy;
import org.tfddpm.run.Png;

/** The flags that say where pictures go, and in which form. */
final class OutFlags {
  /** As many columns as rows, or one more. */
  static final int SQUARE = 0;

  private final OutPath out;

  /** Their descriptions. */
  static List<Option> options(String usual) {
    return List.of(
        flag(
            "out",
            "PATH",
            "X.png: one grid; X.npy: uint8 [N,H,W,C]; X/: a PNG each (default " + usual + ")"),
        force());
  }

  /** The flag --force. */
  static Option force() {
    return flag("force", "overwrites what is at PATH");
  }

  /**
   * Checks them.
   *
   * @throws org.tfddpm.spec.BadInput if nothing can be written there, or something is there already
   */
  OutFlags(Flags flags, String usual) {
    this(flags, usual, ".png", ".npy", "/");
  }

  /** Checks them, of which only these endings are allowed. */
  OutFlags(Flags flags, String usual, String... endings) {
    out = OutPath.of("--out", flags.text("out").orElse(usual), flags.has("force"), endings);
  }

  Path path() {
    return out.path();
  }

  /**
   * Writes the images.
   *
   * @param name of the files in a folder, before the number
   * @param first the number of the first one
   * @param columns of a grid, or {@link #SQUARE}
   */
  void write(Images images, String name, int first, int columns) throws IOException {
    switch (out.ending()) {
      case ".png" ->
          out.write((columns == SQUARE ? Png.grid(images) : Png.grid(images, columns)).bytes());
      case ".npy" -> out.write(Npy.of(images));
      default -> out.writing(() -> writeEach(images, name, first));
    }
  }

  private void writeEach(Images images, String name, int first) throws IOException {
    Files.createDirectories(path());
    for (int i = 0; i < images.count(); i++) {
      Path file = path().resolve(String.format("%s-%08d.png", name, first + i));
      AtomicFile.write(file, Png.of(images, i).bytes());
    }
  }
}
