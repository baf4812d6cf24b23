package org.tfddpm.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.tfddpm.spec.BadInput;
import org.tfddpm.spec.Names;

/** MNIST, Fashion-MNIST and others, as they are distributed: IDX files of images and of labels. */
final class Idx {
  private static final List<String> BUNDLED = List.of("digits", "digits-test");

  private Idx() {}

  /** Images that come with tfddpm. */
  static Source bundled(String name) {
    if (!BUNDLED.contains(name)) {
      throw new BadInput(
          Place.source("bundled", name) + ": unknown name" + Names.suggest(name, BUNDLED));
    }
    String split = name.endsWith("-test") ? name : name + "-train";
    String images = split + "-images-idx3-ubyte.gz";
    String labels = split + "-labels-idx1-ubyte.gz";
    MemorySource source = resource(images).images();
    return source.with(Labels.later(() -> resource(labels).labels(source.count(), images)));
  }

  /** The training images of a folder. */
  static Source open(String place) {
    return open("idx", place, "train");
  }

  /** The test images of a folder. */
  static Source openTest(String place) {
    return open("idx-test", place, "t10k");
  }

  private static Source open(String kind, String place, String split) {
    Path folder = Place.folder(kind, place);
    List<String> names = names(split + "-images", "idx3-ubyte");
    Path images =
        find(folder, names)
            .orElseThrow(() -> new BadInput(Place.source(kind, place) + hasNone(names)));
    MemorySource source = read(images).images();
    return source.with(
        Labels.later(
            () -> {
              List<String> labels = names(split + "-labels", "idx1-ubyte");
              return find(folder, labels)
                  .map(file -> read(file).labels(source.count(), images.toString()))
                  .orElse(Labels.none(Place.source(kind, place) + ": no labels" + hasNone(labels)));
            }));
  }

  /** The names under which a file is distributed. */
  private static List<String> names(String of, String type) {
    return List.of(
        of + "-" + type + ".gz", of + "-" + type, of + "." + type, of + "." + type + ".gz");
  }

  private static Optional<Path> find(Path folder, List<String> names) {
    return names.stream().map(folder::resolve).filter(Files::isRegularFile).findFirst();
  }

  private static String hasNone(List<String> names) {
    return ": the folder has none of " + String.join(", ", names);
  }

  private static IdxFile read(Path file) {
    return IdxFile.of(file.toString(), Place.bytes(file));
  }

  private static IdxFile resource(String name) {
    try (InputStream in = Idx.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing in the jar");
      }
      return IdxFile.of(name, in.readAllBytes());
    } catch (IOException e) {
      throw new IllegalStateException(name + " cannot be read from the jar", e);
    }
  }
}
