package org.tfddpm.data;

import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;

/** Sub-folders as classes: those directly in a folder that hold images, in the order of names. */
final class FolderClasses {
  private FolderClasses() {}

  /**
   * The class of each image: of the folders it is in, the topmost one.
   *
   * @param source what messages call the folder
   * @param images where the images are in the folder
   */
  static Labels of(String source, List<Path> images) {
    TreeMap<String, Integer> labels = new TreeMap<>();
    images.stream().filter(FolderClasses::isInOne).forEach(image -> labels.put(top(image), 0));
    if (labels.isEmpty()) {
      return Labels.none(
          source + ": no labels: its images are in no sub-folders, of which each would be a class");
    }
    for (Path image : images) {
      if (!isInOne(image)) {
        return Labels.none(
            String.format(
                "%s: no labels: its sub-folders would be classes, but %s is in none of them",
                source, image));
      }
    }
    List<String> names = List.copyOf(labels.keySet());
    for (int i = 0; i < names.size(); i++) {
      labels.put(names.get(i), i);
    }
    return Labels.of(names, images.stream().mapToInt(image -> labels.get(top(image))).toArray());
  }

  private static boolean isInOne(Path image) {
    return image.getNameCount() > 1;
  }

  private static String top(Path image) {
    return image.getName(0).toString();
  }
}
