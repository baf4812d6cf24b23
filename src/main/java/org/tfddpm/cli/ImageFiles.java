package org.tfddpm.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.tfddpm.run.AtomicFile;
import org.tfddpm.run.Images;
import org.tfddpm.run.Npy;
import org.tfddpm.run.Png;
import org.tfddpm.spec.BadInput;

/** Where {@code --out} puts images, in the form that its name asks for. */
final class ImageFiles {
  /** As many columns as rows, or one more. */
  static final int SQUARE = 0;

  private enum Form {
    GRID,
    NPY,
    FOLDER
  }

  private final Path path;
  private final Form form;

  private ImageFiles(Path path, Form form) {
    this.path = path;
    this.form = form;
  }

  /**
   * The place of this name.
   *
   * @throws BadInput if the name has no known form, something is there and is not to be
   *     overwritten, or nothing can be written there
   */
  static ImageFiles at(String name, boolean force) {
    Path path = Path.of(name);
    Form form =
        name.endsWith("/")
            ? Form.FOLDER
            : name.endsWith(".png") ? Form.GRID : name.endsWith(".npy") ? Form.NPY : null;
    if (form == null) {
      throw new BadInput("--out " + name + ": allowed are X.png, X.npy, X/");
    }
    Path parent = path.toAbsolutePath().getParent();
    if (parent == null || !Files.isWritable(existing(parent))) {
      throw new BadInput("--out " + name + ": no permission to write there");
    }
    if (!force && isTaken(path)) {
      throw new BadInput("--out " + name + ": is there already; --force overwrites it");
    }
    return new ImageFiles(path, form);
  }

  /**
   * Writes the images.
   *
   * @param name of the files in a folder, before the number
   * @param first the number of the first one
   * @param columns of a grid, or SQUARE
   */
  void write(Images images, String name, int first, int columns) throws IOException {
    Path folder = form == Form.FOLDER ? path : path.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    switch (form) {
      case GRID ->
          AtomicFile.write(
              path, (columns == SQUARE ? Png.grid(images) : Png.grid(images, columns)).bytes());
      case NPY -> AtomicFile.write(path, Npy.of(images));
      case FOLDER -> {
        for (int i = 0; i < images.count(); i++) {
          Path file = path.resolve(String.format("%s-%08d.png", name, first + i));
          AtomicFile.write(file, Png.of(images, i).bytes());
        }
      }
    }
  }

  private static boolean isTaken(Path path) {
    if (!Files.isDirectory(path)) {
      return Files.exists(path);
    }
    try (Stream<Path> files = Files.list(path)) {
      return files.findAny().isPresent();
    } catch (IOException e) {
      return true;
    }
  }

  private static Path existing(Path path) {
    Path parent = path.getParent();
    return Files.exists(path) || parent == null ? path : existing(parent);
  }
}
