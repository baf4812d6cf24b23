package org.tfddpm.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.tfddpm.testing.BadInputs.messageOf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of two records each; every byte of an image is 100 + its label. */
class Cifar10LabelsTest {
  private static final int RECORD = 1 + 3 * 32 * 32;
  private static final int[] TRAINING = {3, 0, 9, 9, 1, 4, 5, 2, 8, 7};

  @TempDir Path folder;

  @BeforeEach
  void write() throws IOException {
    for (int i = 0; i < 5; i++) {
      write("data_batch_" + (i + 1) + ".bin", TRAINING[2 * i], TRAINING[2 * i + 1]);
    }
    write("test_batch.bin", 6, 2);
  }

  @Test
  void readsALabelBeforeEachImage() {
    assertLabels(TRAINING, "cifar10:");
  }

  @Test
  void readsTheTestImages() {
    assertLabels(new int[] {6, 2}, "cifar10-test:");
  }

  @Test
  void callsClassesByTheirNumbers() {
    List<String> numbers = List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
    assertEquals(numbers, Source.open("cifar10:" + folder).classNames());
    // Although no label of it is above 6.
    assertEquals(numbers, Source.open("cifar10-test:" + folder).classNames());
  }

  /** As distributed, with an empty line at the end. */
  @Test
  void callsClassesByTheirNames() throws IOException {
    List<String> names =
        List.of("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship");
    Files.writeString(meta(), String.join("\n", names) + "\r\ntruck\n\n");
    List<String> all = Source.open("cifar10:" + folder).classNames();
    assertEquals(names, all.subList(0, 9));
    assertEquals("truck", all.get(9));
    assertEquals(10, all.size());
    assertEquals(all, Source.open("cifar10-test:" + folder).classNames());
  }

  @Test
  void findsTheNamesInTheFolderOfTheArchive() throws IOException {
    Files.writeString(meta(), "a\nb\nc\nd\ne\nf\ng\n");
    Path inside = Files.createDirectory(folder.resolve("cifar-10-batches-bin"));
    for (String name : List.of("test_batch.bin", "batches.meta.txt")) {
      Files.move(folder.resolve(name), inside.resolve(name));
    }
    assertEquals(
        List.of("a", "b", "c", "d", "e", "f", "g"),
        Source.open("cifar10-test:" + folder).classNames());
  }

  @Test
  void refusesLabelsOfNoClass() throws IOException {
    write("data_batch_4.bin", 0, 238);
    assertEquals(
        "data source \"cifar10:"
            + folder
            + "\": image 7 has the label 238; allowed are labels below 10, the number of CIFAR-10's"
            + " classes",
        messageOf(() -> Source.open("cifar10:" + folder).classNames()));
    Files.writeString(meta(), "a\nb\nc\nd\ne\nf\n");
    assertEquals(
        "data source \"cifar10-test:"
            + folder
            + "\": image 0 has the label 6; allowed are labels below 6, the number of names in "
            + meta(),
        messageOf(() -> Source.open("cifar10-test:" + folder).classNames()));
  }

  @Test
  void refusesAFolderWithoutTestImages() throws IOException {
    Files.delete(folder.resolve("test_batch.bin"));
    assertEquals(
        "data source \"cifar10-test:"
            + folder
            + "\": the folder has no test_batch.bin (the binary version has test_batch.bin)",
        messageOf(() -> Source.open("cifar10-test:" + folder)));
  }

  private void assertLabels(int[] labels, String kind) {
    MemorySource source = (MemorySource) Source.open(kind + folder);
    assertArrayEquals(labels, source.labels().ofImages());
    assertArrayEquals(
        labels,
        IntStream.range(0, (int) source.count())
            .map(i -> source.pixels()[i * (RECORD - 1)] - 100)
            .toArray());
  }

  private Path meta() {
    return folder.resolve("batches.meta.txt");
  }

  private void write(String name, int... labels) throws IOException {
    byte[] records = new byte[labels.length * RECORD];
    for (int i = 0; i < labels.length; i++) {
      Arrays.fill(records, i * RECORD, (i + 1) * RECORD, (byte) (100 + labels[i]));
      records[i * RECORD] = (byte) labels[i];
    }
    Files.write(folder.resolve(name), records);
  }
}
