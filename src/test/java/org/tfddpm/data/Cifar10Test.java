package org.tfddpm.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.tfddpm.testing.BadInputs.messageOf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Cifar10Test {
  private static final int PLANE = 32 * 32;
  private static final int RECORD = 1 + 3 * PLANE;

  @TempDir Path folder;

  /** File i of data_batch_1 ... 5 has i records; their images are numbered through. */
  @BeforeEach
  void write() throws IOException {
    int first = 0;
    for (int i = 1; i <= 5; i++) {
      byte[] records = new byte[i * RECORD];
      for (int record = 0; record < i; record++) {
        records[record * RECORD] = (byte) 0xEE;
        for (int j = 0; j < 3 * PLANE; j++) {
          int value = pixel(first + record, j % PLANE / 32, j % 32, j / PLANE);
          records[record * RECORD + 1 + j] = (byte) value;
        }
      }
      Files.write(file(i), records);
      first += i;
    }
  }

  @Test
  void interleavesThePlanes() {
    assertFifteenImages((MemorySource) Cifar10.open(folder.toString()));
  }

  @Test
  void findsTheFolderOfTheArchive() throws IOException {
    Path inside = Files.createDirectory(folder.resolve("cifar-10-batches-bin"));
    for (int i = 1; i <= 5; i++) {
      Files.move(file(i), inside.resolve(file(i).getFileName()));
    }
    assertFifteenImages((MemorySource) Cifar10.open(folder.toString()));
  }

  @Test
  void refusesAMissingFile() throws IOException {
    Files.delete(file(4));
    assertEquals(
        "data source \"cifar10:"
            + folder
            + "\": the folder has no data_batch_4.bin (the binary version has data_batch_1.bin ..."
            + " data_batch_5.bin)",
        messageOf(() -> Cifar10.open(folder.toString())));
  }

  @Test
  void refusesATruncatedFile() throws IOException {
    Files.write(file(2), Arrays.copyOf(Files.readAllBytes(file(2)), 2 * RECORD - 1));
    assertEquals(
        file(2)
            + ": 6145 bytes are no whole number of records of 3073 bytes; it is cut short or no"
            + " CIFAR-10 file",
        messageOf(() -> Cifar10.open(folder.toString())));
    Files.write(file(2), new byte[0]);
    assertEquals(
        file(2)
            + ": 0 bytes are no whole number of records of 3073 bytes; it is cut short or no"
            + " CIFAR-10 file",
        messageOf(() -> Cifar10.open(folder.toString())));
  }

  @Test
  void refusesAMissingFolder() {
    Path missing = folder.resolve("missing");
    assertEquals(
        "data source \"cifar10:" + missing + "\": no such folder",
        messageOf(() -> Cifar10.open(missing.toString())));
  }

  private static void assertFifteenImages(MemorySource source) {
    assertEquals(15, source.count());
    assertEquals(32, source.height());
    assertEquals(32, source.width());
    assertEquals(3, source.channels());
    assertEquals(15 * 3 * PLANE, source.pixels().length);
    for (int i = 0; i < source.pixels().length; i++) {
      int image = i / (3 * PLANE);
      int y = i / (3 * 32) % 32;
      int x = i / 3 % 32;
      assertEquals(pixel(image, y, x, i % 3), source.pixels()[i] & 0xFF, "byte " + i);
    }
  }

  /** Another value wherever an index is another one. */
  private static int pixel(int image, int y, int x, int channel) {
    return (101 * image + 83 * channel + 7 * y + x) % 251;
  }

  private Path file(int i) {
    return folder.resolve("data_batch_" + i + ".bin");
  }
}
