package org.tfddpm.evaluate;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.tfddpm.run.RunDirectory;
import org.tfddpm.spec.BadInput;

/**
 * Where features come from, as flags name it: {@code PATH:OUTPUT} or {@code PATH:INPUT,OUTPUT}, or
 * the run of a classifier alone.
 *
 * @param flag what was asked for, for messages
 * @param path a file or a folder that is there
 * @param input null where it is to be found
 */
record FeaturePlace(String flag, Path path, @Nullable String input, String output) {
  /**
   * Reads a flag's value. The path ends at the first colon before which there is something.
   *
   * @throws BadInput if it is not of this form, or nothing is there
   */
  static FeaturePlace of(String value) {
    String flag = "--features " + value;
    if (RunDirectory.exists(Path.of(value))) {
      return new FeaturePlace(flag, Path.of(value), null, ClassifierRun.FEATURES);
    }
    for (int colon = value.indexOf(':'); colon > 0; colon = value.indexOf(':', colon + 1)) {
      Path path = Path.of(value.substring(0, colon));
      String tensors = value.substring(colon + 1);
      if (Files.exists(path) && !tensors.isEmpty()) {
        int comma = tensors.indexOf(',');
        return new FeaturePlace(
            flag,
            path,
            comma < 0 ? null : tensors.substring(0, comma),
            tensors.substring(comma + 1));
      }
    }
    int colon = value.indexOf(':');
    if (colon < 1 || colon + 1 == value.length()) {
      throw new BadInput(
          flag
              + ": allowed are a classifier's run, or a graph or a SavedModel and its output,"
              + " FILE.pb:OUTPUT, DIR:OUTPUT");
    }
    throw new BadInput(flag + ": no such file or folder as " + value.substring(0, colon));
  }

  BadInput bad(String reason) {
    return new BadInput(flag + ": " + reason);
  }

  BadInput bad(String reason, Throwable cause) {
    String first = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
    return new BadInput(flag + ": " + reason + ": " + first, cause);
  }
}
