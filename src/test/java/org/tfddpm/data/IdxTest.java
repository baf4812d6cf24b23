package org.tfddpm.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.tfddpm.data.IdxFiles.IMAGES;
import static org.tfddpm.data.IdxFiles.LABELS;
import static org.tfddpm.data.IdxFiles.gzip;
import static org.tfddpm.data.IdxFiles.idx;
import static org.tfddpm.testing.BadInputs.messageOf;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdxTest {
  /** Three images of 2x4, every byte another one, some above 127. */
  private static final byte[] PIXELS = new byte[3 * 2 * 4];

  static {
    for (int i = 0; i < PIXELS.length; i++) {
      PIXELS[i] = (byte) (250 - 11 * i);
    }
  }

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"train-images-idx3-ubyte", "train-images.idx3-ubyte"})
  void readsWhatWasWritten(String name) throws IOException {
    Files.write(folder.resolve(name), idx(PIXELS, IMAGES, 3, 2, 4));
    assertThreeImages((MemorySource) Idx.open(folder.toString()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"train-images-idx3-ubyte.gz", "train-images.idx3-ubyte.gz"})
  void readsGzippedFiles(String name) throws IOException {
    Files.write(folder.resolve(name), gzip(idx(PIXELS, IMAGES, 3, 2, 4)));
    assertThreeImages((MemorySource) Idx.open(folder.toString()));
  }

  /** A file that was unzipped but kept its name, or the other way round. */
  @Test
  void looksAtTheContentRatherThanTheName() throws IOException {
    Files.write(folder.resolve("train-images-idx3-ubyte.gz"), idx(PIXELS, IMAGES, 3, 2, 4));
    assertThreeImages((MemorySource) Idx.open(folder.toString()));
    Files.delete(folder.resolve("train-images-idx3-ubyte.gz"));
    Files.write(folder.resolve("train-images-idx3-ubyte"), gzip(idx(PIXELS, IMAGES, 3, 2, 4)));
    assertThreeImages((MemorySource) Idx.open(folder.toString()));
  }

  @Test
  void refusesATruncatedFile() throws IOException {
    Path file = folder.resolve("train-images-idx3-ubyte");
    byte[] whole = idx(PIXELS, IMAGES, 3, 2, 4);
    Files.write(file, Arrays.copyOf(whole, whole.length - 1));
    assertEquals(
        file + ": holds 23 bytes of pixels where 3 images of 2x4 have 24; it is cut short",
        messageOf(() -> Idx.open(folder.toString())));
    Files.write(file, Arrays.copyOf(whole, whole.length + 2));
    assertEquals(
        file + ": holds 26 bytes of pixels where 3 images of 2x4 have 24",
        messageOf(() -> Idx.open(folder.toString())));
  }

  @Test
  void refusesATruncatedHeader() throws IOException {
    Path file = folder.resolve("train-images-idx3-ubyte");
    byte[] whole = idx(PIXELS, IMAGES, 3, 2, 4);
    for (int length : new int[] {0, 1, 3, 15}) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertEquals(noIdx(file), messageOf(() -> Idx.open(folder.toString())));
    }
  }

  /** Cut in gzip's header, in its data and in its checksum. */
  @Test
  void refusesATruncatedGzipFile() throws IOException {
    Path file = folder.resolve("train-images-idx3-ubyte.gz");
    byte[] whole = gzip(idx(PIXELS, IMAGES, 3, 2, 4));
    for (int length : new int[] {5, 20, whole.length - 8, whole.length - 1}) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertEquals(
          file + ": the gzip file is broken or cut short",
          messageOf(() -> Idx.open(folder.toString())));
    }
  }

  @Test
  void refusesAGzipFileOfOtherBytes() throws IOException {
    Path file = folder.resolve("train-images-idx3-ubyte.gz");
    byte[] changed = gzip(idx(PIXELS, IMAGES, 3, 2, 4));
    changed[changed.length - 6] ^= 1;
    Files.write(file, changed);
    assertEquals(
        file + ": the gzip file is broken or cut short",
        messageOf(() -> Idx.open(folder.toString())));
  }

  @Test
  void refusesAnotherMagicNumber() throws IOException {
    Path file = folder.resolve("train-images-idx3-ubyte");
    Files.write(file, idx(PIXELS, 0x00000D03, 3, 2, 4));
    assertEquals(noIdx(file), messageOf(() -> Idx.open(folder.toString())));
  }

  @Test
  void refusesLabelsInPlaceOfImages() throws IOException {
    Path file = folder.resolve("train-images-idx3-ubyte.gz");
    Files.write(file, gzip(idx(PIXELS, LABELS, PIXELS.length)));
    assertEquals(noIdx(file), messageOf(() -> Idx.open(folder.toString())));
  }

  @Test
  void refusesNoImages() throws IOException {
    Path file = folder.resolve("train-images-idx3-ubyte");
    Files.write(file, idx(new byte[0], IMAGES, 0, 28, 28));
    assertEquals(file + ": holds 0 images of 28x28", messageOf(() -> Idx.open(folder.toString())));
  }

  @Test
  void refusesFoldersWithoutTheFiles() throws IOException {
    assertEquals(
        "data source \"idx:"
            + folder
            + "\": the folder has none of train-images-idx3-ubyte.gz, train-images-idx3-ubyte,"
            + " train-images.idx3-ubyte, train-images.idx3-ubyte.gz",
        messageOf(() -> Idx.open(folder.toString())));
    Path missing = folder.resolve("missing");
    assertEquals(
        "data source \"idx:" + missing + "\": no such folder",
        messageOf(() -> Idx.open(missing.toString())));
    Path file = Files.writeString(folder.resolve("file"), "");
    assertEquals(
        "data source \"idx:" + file + "\": not a folder",
        messageOf(() -> Idx.open(file.toString())));
  }

  @Test
  void bringsTheDigits() throws IOException {
    MemorySource digits = (MemorySource) Idx.bundled("digits");
    assertEquals(1500, digits.count());
    assertEquals(8, digits.height());
    assertEquals(8, digits.width());
    assertEquals(1, digits.channels());
    byte[] pixels = new byte[1500 * 64];
    try (DataInputStream in =
        new DataInputStream(
            new GZIPInputStream(
                Objects.requireNonNull(
                    Idx.class.getResourceAsStream("digits-train-images-idx3-ubyte.gz"))))) {
      in.skipNBytes(16);
      in.readFully(pixels);
      assertEquals(-1, in.read());
    }
    assertArrayEquals(Arrays.copyOf(pixels, 64), Arrays.copyOf(digits.pixels(), 64));
    assertArrayEquals(pixels, digits.pixels());
    int[] seen = new int[256];
    for (byte pixel : digits.pixels()) {
      seen[pixel & 0xFF]++;
    }
    assertTrue(seen[0] > 0 && seen[255] > 0, "the digits use the whole range");
  }

  @Test
  void suggestsABundledName() {
    assertEquals(
        "data source \"bundled:digit\": unknown name; did you mean \"digits\"?",
        messageOf(() -> Idx.bundled("digit")));
    assertEquals(
        "data source \"bundled:faces\": unknown name; known are digits, digits-test",
        messageOf(() -> Idx.bundled("faces")));
  }

  private static void assertThreeImages(MemorySource source) {
    assertEquals(3, source.count());
    assertEquals(2, source.height());
    assertEquals(4, source.width());
    assertEquals(1, source.channels());
    assertArrayEquals(PIXELS, source.pixels());
  }

  private static String noIdx(Path file) {
    return file + ": not an IDX file of images (unsigned bytes in three dimensions)";
  }
}
