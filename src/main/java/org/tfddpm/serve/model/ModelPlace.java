package org.tfddpm.serve.model;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.tfddpm.export.SavedModels;
import org.tfddpm.export.Versions;
import org.tfddpm.spec.BadInput;

/**
 * Where a model is.
 *
 * @param name it is asked for by
 * @param folder of versions, or a SavedModel itself
 */
public record ModelPlace(String name, Path folder) {
  private static final String NUMBER = "\\d{1,18}";

  /**
   * A place as a flag names it.
   *
   * @param text DIR or NAME=DIR
   * @throws BadInput if there is no SavedModel
   */
  public static ModelPlace parse(String text) {
    int equals = text.indexOf('=');
    Path folder = Path.of(text.substring(equals + 1)).toAbsolutePath().normalize();
    String name = equals < 0 ? name(folder) : text.substring(0, equals);
    if (!name.matches("[^/:\\s]+")) {
      throw new BadInput(
          "--model " + text + ": allowed are DIR and NAME=DIR, no / or : in the name");
    }
    ModelPlace place = new ModelPlace(name, folder);
    if (place.versions().values().stream().noneMatch(ModelPlace::isSavedModel)) {
      throw new BadInput(
          "--model "
              + text
              + ": no SavedModel there; allowed is a folder with versions, such as "
              + folder.getFileName()
              + "/1/"
              + SavedModels.FILE);
    }
    return place;
  }

  /** The versions that are there now, by their numbers. A SavedModel itself is version 1. */
  NavigableMap<Long, Path> versions() {
    NavigableMap<Long, Path> versions = new TreeMap<>();
    if (isSavedModel(folder)) {
      String last = folder.getFileName().toString();
      versions.put(last.matches(NUMBER) ? Long.parseLong(last) : 1, folder);
      return versions;
    }
    for (long version : Versions.of(folder)) {
      versions.put(version, folder.resolve(Long.toString(version)));
    }
    return versions;
  }

  /** That of the folder, or of the folder above a version. */
  private static String name(Path folder) {
    Path last = folder.getFileName();
    Path parent = folder.getParent();
    if (last == null) {
      return "";
    }
    boolean version = last.toString().matches(NUMBER) && isSavedModel(folder);
    Path above = parent == null ? null : parent.getFileName();
    return version && above != null ? above.toString() : last.toString();
  }

  private static boolean isSavedModel(Path path) {
    return Files.isRegularFile(path.resolve(SavedModels.FILE));
  }
}
