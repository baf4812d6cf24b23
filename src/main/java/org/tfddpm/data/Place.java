package org.tfddpm.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.tfddpm.spec.BadInput;

/** Folders and files that a source names. */
final class Place {
  private Place() {}

  /** The folder of a source. */
  static Path folder(String kind, String place) {
    Path folder = Path.of(place);
    if (!Files.isDirectory(folder)) {
      throw new BadInput(
          source(kind, place) + (Files.exists(folder) ? ": not a folder" : ": no such folder"));
    }
    return folder;
  }

  /** How messages call a source. */
  static String source(String kind, String place) {
    return "data source \"" + kind + ":" + place + "\"";
  }

  /** The content of a file. */
  static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new BadInput(file + ": cannot be read", e);
    }
  }
}
