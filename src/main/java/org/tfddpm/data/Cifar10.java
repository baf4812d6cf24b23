package org.tfddpm.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.tfddpm.spec.BadInput;

/**
 * CIFAR-10, binary version: files of records, each a label and 32x32 pixels as a red, a green and a
 * blue plane.
 */
final class Cifar10 {
  private static final int SIZE = 32;
  private static final int PLANE = SIZE * SIZE;
  private static final int RECORD = 1 + 3 * PLANE;
  private static final int FILES = 5;

  private Cifar10() {}

  /** The training images of a folder, or of cifar-10-batches-bin in it. */
  static Source open(String place) {
    Path given = Place.folder("cifar10", place);
    Path inside = given.resolve("cifar-10-batches-bin");
    Path folder = Files.isDirectory(inside) ? inside : given;
    List<byte[]> files = new ArrayList<>();
    long count = 0;
    for (int i = 1; i <= FILES; i++) {
      Path file = folder.resolve("data_batch_" + i + ".bin");
      if (!Files.isRegularFile(file)) {
        throw new BadInput(
            "data source \"cifar10:"
                + place
                + "\": the folder has no "
                + file.getFileName()
                + " (the binary version has data_batch_1.bin ... data_batch_5.bin)");
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
    byte[] pixels = new byte[Math.toIntExact(count * 3 * PLANE)];
    int to = 0;
    for (byte[] content : files) {
      for (int record = 0; record < content.length; record += RECORD) {
        for (int pixel = 0; pixel < PLANE; pixel++) {
          for (int channel = 0; channel < 3; channel++) {
            pixels[to++] = content[record + 1 + channel * PLANE + pixel];
          }
        }
      }
    }
    return new MemorySource(pixels, count, SIZE, SIZE, 3);
  }
}
