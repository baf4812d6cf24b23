package org.tfddpm.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.tfddpm.data.IdxFiles.IMAGES;
import static org.tfddpm.data.IdxFiles.LABELS;
import static org.tfddpm.data.IdxFiles.gzip;
import static org.tfddpm.data.IdxFiles.idx;
import static org.tfddpm.testing.BadInputs.messageOf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A folder of four images of one pixel, with labels of which one is above 127. */
class IdxLabelsTest {
  private static final List<String> DIGITS =
      IntStream.range(0, 10).mapToObj(Integer::toString).toList();

  private static final byte[] FOUR = {1, (byte) 200, 0, 1};

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "train-labels-idx1-ubyte",
        "train-labels.idx1-ubyte",
        "train-labels-idx1-ubyte.gz",
        "train-labels.idx1-ubyte.gz"
      })
  void readsLabelsUnderEachName(String name) throws IOException {
    images("train-images-idx3-ubyte");
    byte[] labels = idx(FOUR, LABELS, 4);
    Files.write(folder.resolve(name), name.endsWith(".gz") ? gzip(labels) : labels);
    assertArrayEquals(new int[] {1, 200, 0, 1}, open().labels().ofImages());
  }

  @Test
  void callsClassesByTheirNumbersUpToTheLargest() throws IOException {
    images("train-images-idx3-ubyte");
    Files.write(labels(), idx(new byte[] {1, 3, 0, 1}, LABELS, 4));
    assertEquals(List.of("0", "1", "2", "3"), open().classNames());
  }

  @Test
  void saysWhichFilesAreMissing() throws IOException {
    images("train-images-idx3-ubyte");
    Files.write(folder.resolve("t10k-labels-idx1-ubyte"), idx(FOUR, LABELS, 4));
    assertEquals(List.of(), open().classNames());
    assertEquals(
        "data source \"idx:"
            + folder
            + "\": no labels: the folder has none of train-labels-idx1-ubyte.gz,"
            + " train-labels-idx1-ubyte, train-labels.idx1-ubyte, train-labels.idx1-ubyte.gz",
        messageOf(() -> open().labels().ofImages()));
  }

  @Test
  void refusesLabelsForOtherImages() throws IOException {
    images("train-images-idx3-ubyte");
    Files.write(labels(), idx(new byte[] {1, 2, 3}, LABELS, 3));
    assertEquals(
        labels() + ": holds 3 labels for 4 images of " + folder.resolve("train-images-idx3-ubyte"),
        message());
    Files.write(labels(), idx(new byte[] {1, 2, 3, 4, 5}, LABELS, 5));
    assertEquals(
        labels() + ": holds 5 labels for 4 images of " + folder.resolve("train-images-idx3-ubyte"),
        message());
  }

  @Test
  void refusesATruncatedFile() throws IOException {
    images("train-images-idx3-ubyte");
    byte[] whole = idx(FOUR, LABELS, 4);
    Files.write(labels(), Arrays.copyOf(whole, whole.length - 1));
    assertEquals(
        labels() + ": holds 3 bytes of labels where 4 labels have 4; it is cut short", message());
    Files.write(labels(), Arrays.copyOf(whole, whole.length + 1));
    assertEquals(labels() + ": holds 5 bytes of labels where 4 labels have 4", message());
    byte[] zipped = gzip(whole);
    Files.write(labels(), Arrays.copyOf(zipped, zipped.length - 3));
    assertEquals(labels() + ": the gzip file is broken or cut short", message());
  }

  /** Cut in the header, and images in place of labels. */
  @Test
  void refusesWhatIsNoFileOfLabels() throws IOException {
    images("train-images-idx3-ubyte");
    byte[] whole = idx(FOUR, LABELS, 4);
    for (byte[] content :
        List.of(new byte[0], Arrays.copyOf(whole, 7), idx(FOUR, IMAGES, 4, 1, 1))) {
      Files.write(labels(), content);
      assertEquals(
          labels() + ": not an IDX file of labels (unsigned bytes in one dimension)", message());
    }
  }

  /** Images are shown whatever their labels are like. */
  @Test
  void doesNotReadLabelsThatNobodyAsksFor() throws IOException {
    images("train-images-idx3-ubyte");
    Files.writeString(labels(), "broken");
    assertEquals(4, open().count());
  }

  @Test
  void opensTheTestImagesWithTheirLabels() throws IOException {
    images("train-images-idx3-ubyte");
    Files.write(labels(), idx(FOUR, LABELS, 4));
    Files.write(
        folder.resolve("t10k-images-idx3-ubyte.gz"),
        gzip(idx(new byte[] {7, 8, 9}, IMAGES, 3, 1, 1)));
    Files.write(folder.resolve("t10k-labels.idx1-ubyte"), idx(new byte[] {2, 1, 0}, LABELS, 3));
    MemorySource test = (MemorySource) Source.open("idx-test:" + folder);
    assertArrayEquals(new byte[] {7, 8, 9}, test.pixels());
    assertArrayEquals(new int[] {2, 1, 0}, test.labels().ofImages());
    assertEquals(List.of("0", "1", "2"), test.classNames());
    assertEquals(4, open().count());
  }

  @Test
  void saysWhichTestFilesAreMissing() throws IOException {
    images("train-images-idx3-ubyte");
    assertEquals(
        "data source \"idx-test:"
            + folder
            + "\": the folder has none of t10k-images-idx3-ubyte.gz, t10k-images-idx3-ubyte,"
            + " t10k-images.idx3-ubyte, t10k-images.idx3-ubyte.gz",
        messageOf(() -> Source.open("idx-test:" + folder)));
    images("t10k-images.idx3-ubyte");
    assertEquals(
        "data source \"idx-test:"
            + folder
            + "\": no labels: the folder has none of t10k-labels-idx1-ubyte.gz,"
            + " t10k-labels-idx1-ubyte, t10k-labels.idx1-ubyte, t10k-labels.idx1-ubyte.gz",
        messageOf(() -> Source.open("idx-test:" + folder).labels().ofImages()));
  }

  @Test
  void bringsTheDigitsWithTheirLabels() throws IOException {
    MemorySource train = (MemorySource) Source.open("bundled:digits");
    MemorySource test = (MemorySource) Source.open("bundled:digits-test");
    assertEquals(1500, train.count());
    assertEquals(297, test.count());
    assertEquals(DIGITS, train.classNames());
    assertEquals(DIGITS, test.classNames());
    assertArrayEquals(resource("digits-train-labels-idx1-ubyte.gz"), train.labels().ofImages());
    assertArrayEquals(resource("digits-test-labels-idx1-ubyte.gz"), test.labels().ofImages());
    assertFalse(Arrays.equals(Arrays.copyOf(train.pixels(), 64), Arrays.copyOf(test.pixels(), 64)));
  }

  private static int[] resource(String name) throws IOException {
    try (GZIPInputStream in =
        new GZIPInputStream(Objects.requireNonNull(Idx.class.getResourceAsStream(name)))) {
      in.skipNBytes(8);
      byte[] labels = in.readAllBytes();
      return IntStream.range(0, labels.length).map(i -> labels[i]).toArray();
    }
  }

  private Source open() {
    return Idx.open(folder.toString());
  }

  private String message() {
    return messageOf(() -> open().classNames());
  }

  private Path labels() {
    return folder.resolve("train-labels-idx1-ubyte");
  }

  private void images(String name) throws IOException {
    Files.write(folder.resolve(name), idx(new byte[] {10, 20, 30, 40}, IMAGES, 4, 1, 1));
  }
}
