package org.tfddpm.data;

import java.nio.file.Path;
import java.util.List;
import org.tfddpm.spec.BadInput;
import org.tfddpm.spec.GraphSpec;
import org.tfddpm.spec.Names;

/** Images, numbered 0 ... count-1, with their classes where these are known. */
public sealed interface Source permits MemorySource, StreamedSource {
  /** The kinds of sources, as {@code data.source} and {@code --data} begin. */
  List<String> KINDS =
      List.of("bundled", "idx", "idx-test", "cifar10", "cifar10-test", "folder", "tfrecord");

  /**
   * Opens a source: finds its files and checks what can be checked without decoding every image.
   *
   * @param source {@code KIND:PLACE}
   * @throws BadInput if there is no such kind or place, or nothing usable in it
   */
  static Source open(String source) {
    int colon = source.indexOf(':');
    String kind = colon < 0 ? source : source.substring(0, colon);
    String place = colon < 0 ? "" : source.substring(colon + 1);
    if (!KINDS.contains(kind)) {
      throw new BadInput(
          "data source \""
              + source
              + "\": unknown kind \""
              + kind
              + "\""
              + Names.suggest(kind, KINDS));
    }
    if (place.isEmpty()) {
      throw new BadInput("data source \"" + source + "\": allowed is " + kind + ":PLACE");
    }
    return switch (kind) {
      case "bundled" -> Idx.bundled(place);
      case "idx" -> Idx.open(place);
      case "idx-test" -> Idx.openTest(place);
      case "cifar10" -> Cifar10.open(place);
      case "cifar10-test" -> Cifar10.openTest(place);
      case "folder" -> ImageFolder.open(place);
      case "tfrecord" -> TfRecords.open(place);
      default -> throw new AssertionError(kind);
    };
  }

  /** The same source with an absolute place, so that it can be named from any directory. */
  static String absolute(String source) {
    int colon = source.indexOf(':');
    String kind = source.substring(0, Math.max(0, colon));
    if (!KINDS.contains(kind) || kind.equals("bundled") || colon + 1 == source.length()) {
      return source;
    }
    Path place = Path.of(source.substring(colon + 1));
    return source.substring(0, colon + 1) + place.toAbsolutePath().normalize();
  }

  /** Number of images, at least 1. */
  long count();

  /** Tells these images from others: {@code WHAT-sha256:HEX} of what it is taken of. */
  String fingerprint();

  /** The classes of the images. */
  Labels labels();

  /**
   * The names of the classes: label i, from 0, means the i-th. Empty if the source has no labels.
   *
   * @throws BadInput if it has, but they cannot be read
   */
  default List<String> classNames() {
    return labels().names();
  }

  /**
   * Refuses to tell its labels to a model of classes if it has others, or none.
   *
   * @param spec of the model; one without classes is never refused
   * @param name as the source was named
   * @throws BadInput if so
   */
  default void requireClasses(GraphSpec spec, String name) {
    boolean classifies = spec.getClassifier().getClasses() > 0;
    int classes = classifies ? spec.getClassifier().getClasses() : spec.getCondition().getClasses();
    if (classes == 0) {
      return;
    }
    // Tells what is missing where there are none.
    Labels labels = labels().present();
    if (labels.names().size() != classes) {
      throw new BadInput(
          (classifies ? "classifier" : "condition")
              + ".classes is "
              + classes
              + ": "
              + name
              + " has "
              + labels.names().size()
              + ", "
              + String.join(", ", labels.names()));
    }
  }
}
