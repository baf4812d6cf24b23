package org.tfddpm.data;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.tfddpm.spec.BadInput;

/**
 * CIFAR-10, binary version: files of records, each a label and 32x32 pixels as a red, a green and a
 * blue plane.
 */
final class Cifar10 {
  private static final int SIZE = 32;
  private static final int PLANE = SIZE * SIZE;
  private static final int RECORD = 1 + 3 * PLANE;
  private static final int CLASSES = 10;

  private static final List<String> TRAINING =
      IntStream.rangeClosed(1, 5).mapToObj(i -> "data_batch_" + i + ".bin").toList();

  private Cifar10() {}

  /** The training images of a folder, or of cifar-10-batches-bin in it. */
  static Source open(String place) {
    return open("cifar10", place, TRAINING, "data_batch_1.bin ... data_batch_5.bin");
  }

  /** Its test images. */
  static Source openTest(String place) {
    return open("cifar10-test", place, List.of("test_batch.bin"), "test_batch.bin");
  }

  private static Source open(String kind, String place, List<String> names, String all) {
    Path given = Place.folder(kind, place);
    Path inside = given.resolve("cifar-10-batches-bin");
    Path folder = Files.isDirectory(inside) ? inside : given;
    List<byte[]> files = new ArrayList<>();
    int count = 0;
    for (String name : names) {
      Path file = folder.resolve(name);
      if (!Files.isRegularFile(file)) {
        throw new BadInput(
            String.format(
                "%s: the folder has no %s (the binary version has %s)",
                Place.source(kind, place), name, all));
      }
      byte[] content = Place.bytes(file);
      if (content.length == 0 || content.length % RECORD != 0) {
        throw new BadInput(
            String.format(
                "%s: %d bytes are no whole number of records of %d bytes; it is cut short or no"
                    + " CIFAR-10 file",
                file, content.length, RECORD));
      }
      files.add(content);
      count += content.length / RECORD;
    }
    byte[] pixels = new byte[Math.multiplyExact(count, 3 * PLANE)];
    int[] labels = new int[count];
    int to = 0;
    int image = 0;
    for (byte[] content : files) {
      for (int record = 0; record < content.length; record += RECORD) {
        labels[image++] = Byte.toUnsignedInt(content[record]);
        for (int pixel = 0; pixel < PLANE; pixel++) {
          for (int channel = 0; channel < 3; channel++) {
            pixels[to++] = content[record + 1 + channel * PLANE + pixel];
          }
        }
      }
    }
    return new MemorySource(
        pixels, count, SIZE, SIZE, 3, Labels.later(() -> labels(kind, place, folder, labels)));
  }

  /** The labels of the records, with the names of the folder's batches.meta.txt if it has one. */
  private static Labels labels(String kind, String place, Path folder, int[] labels) {
    Path meta = folder.resolve("batches.meta.txt");
    boolean named = Files.isRegularFile(meta);
    List<String> names =
        named
            ? new String(Place.bytes(meta), StandardCharsets.UTF_8)
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList()
            : IntStream.range(0, CLASSES).mapToObj(Integer::toString).toList();
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] >= names.size()) {
        throw new BadInput(
            String.format(
                "%s: image %d has the label %d; allowed are labels below %d, the number of %s",
                Place.source(kind, place),
                i,
                labels[i],
                names.size(),
                named ? "names in " + meta : "CIFAR-10's classes"));
      }
    }
    return Labels.of(names, labels);
  }
}
