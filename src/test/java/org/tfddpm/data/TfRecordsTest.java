package org.tfddpm.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.BytesList;
import org.tensorflow.proto.Example;
import org.tensorflow.proto.Feature;
import org.tensorflow.proto.Int64List;
import org.tfddpm.run.TfRecord;
import org.tfddpm.testing.Batches;
import org.tfddpm.testing.TestImages;

class TfRecordsTest {
  @TempDir Path folder;

  @Test
  void readsTheNamesOfBothHabits() throws IOException {
    for (String feature : List.of("image/encoded", "image")) {
      Path file = write(feature.replace('/', '-'), example(feature, 1), example(feature, 2));
      TfRecords source = (TfRecords) TfRecords.open(file.toString());
      assertEquals(2, source.count());
      assertEquals(new Decoded(Shape.of(1, 1, 2, 1), List.of(1, 2)), Decoded.of(source, 0));
      assertEquals(new Decoded(Shape.of(1, 1, 2, 1), List.of(2, 4)), Decoded.of(source, 1));
    }
  }

  /** Records of other sizes, so that one wrong offset would show. */
  @Test
  void readsTheFilesThatMatchInTheOrderOfTheirNames() throws IOException {
    write("train-1.rec", example("image", 3), large(4), example("image", 5));
    write("train-0.rec", large(1), example("image", 2));
    write("test-0.rec", example("image", 9));
    write("train-2.rec");
    Files.createDirectory(folder.resolve("train-3.rec"));
    TfRecords source = (TfRecords) TfRecords.open(folder + "/train-*.rec");
    assertEquals(5, source.count());
    for (int i = 0; i < 5; i++) {
      assertEquals(i + 1, Decoded.of(source, i).pixels().get(0));
    }
  }

  @Test
  void saysWhereARecordIs() throws IOException {
    byte[] first = example("image", 1);
    Path file = write("a.rec", first, example("image", 2));
    TfRecords source = (TfRecords) TfRecords.open(file.toString());
    assertEquals("the record at byte 0 of " + file, source.nameOf(0));
    assertEquals("the record at byte " + (first.length + 16) + " of " + file, source.nameOf(1));
  }

  @Test
  void refusesATruncatedFile() throws IOException {
    byte[] first = example("image", 1);
    Path file = write("a.rec", first, example("image", 2));
    byte[] whole = Files.readAllBytes(file);
    int second = first.length + 16;
    for (int length : new int[] {whole.length - 1, second + 12, second + 11, second + 1}) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertEquals(
          file + ": cut short in the record that begins at byte " + second, messageOf(file));
    }
  }

  @Test
  void refusesWhatIsNoTfRecordFile() throws IOException {
    Path file = folder.resolve("a.rec");
    Files.writeString(file, "This is a text, and no file of records.");
    assertEquals(
        file + ": no TFRecord file (a record's length does not match its checksum)",
        messageOf(file));
    Files.writeString(file, "short");
    assertEquals(file + ": cut short in the record that begins at byte 0", messageOf(file));
    Files.writeString(file, "");
    assertEquals(
        "data source \"tfrecord:" + file + "\": the files hold no record", messageOf(file));
  }

  @Test
  void refusesABrokenLength() throws IOException {
    byte[] first = example("image", 1);
    Path file = write("a.rec", first, example("image", 2));
    byte[] changed = Files.readAllBytes(file);
    changed[first.length + 16] ^= 1;
    Files.write(file, changed);
    assertEquals(
        file
            + ": broken at byte "
            + (first.length + 16)
            + " (a record's length does not match its checksum)",
        messageOf(file));
  }

  @Test
  void refusesAGzippedFile() throws IOException {
    Path file = write("a.rec", example("image", 1));
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(zipped)) {
      out.write(Files.readAllBytes(file));
    }
    Files.write(file, zipped.toByteArray());
    assertEquals(
        file + ": is gzipped; tfddpm reads records by their place, so gunzip it", messageOf(file));
  }

  @Test
  void refusesRecordsWithoutAnImage() throws IOException {
    Feature number = Feature.newBuilder().setInt64List(Int64List.newBuilder().addValue(1)).build();
    Example labelled = Example.parseFrom(example("picture", 1));
    Example.Builder example = labelled.toBuilder();
    example.getFeaturesBuilder().putFeature("image", number).putFeature("label", number);
    Path file = write("a.rec", example.build().toByteArray());
    assertEquals(
        file
            + ": its first record has no bytes feature named image/encoded or image; it has image,"
            + " label, picture",
        messageOf(file));
  }

  @Test
  void refusesRecordsThatAreNoExample() throws IOException {
    Path file = write("a.rec", "\u0001\u0002 no example".getBytes(StandardCharsets.UTF_8));
    assertEquals(file + ": its first record is no tf.train.Example", messageOf(file));
  }

  @Test
  void refusesPlacesWithoutFiles() {
    Path pattern = folder.resolve("*.rec");
    assertEquals("data source \"tfrecord:" + pattern + "\": no file matches", messageOf(pattern));
    Path missing = folder.resolve("missing/*.rec");
    assertEquals(
        "data source \"tfrecord:" + missing + "\": no such folder as " + folder.resolve("missing"),
        messageOf(missing));
    Path broken = folder.resolve("a[.rec");
    assertEquals(
        "data source \"tfrecord:" + broken + "\": a[.rec is no pattern of file names",
        messageOf(broken));
    assertEquals(
        "data source \"tfrecord:"
            + folder
            + "\": a folder; allowed is a file or a pattern, such as *.tfrecord",
        messageOf(folder));
    assertEquals(
        "data source \"tfrecord:/\": a folder; allowed is a file or a pattern, such as *.tfrecord",
        messageOf(Path.of("/")));
  }

  /** A name is taken as it is before it is taken for a pattern. */
  @Test
  void readsAFileWhoseNameLooksLikeAPattern() throws IOException {
    write("a1.rec", example("image", 1));
    Path file = write("a[1].rec", example("image", 2));
    TfRecords source = (TfRecords) TfRecords.open(file.toString());
    assertEquals(1, source.count());
    assertEquals(List.of(2, 4), Decoded.of(source, 0).pixels());
  }

  /** Only the record's own bytes are wrong: its neighbours are read, and it is named. */
  @Test
  void leavesOutARecordWhoseChecksumIsWrong() throws IOException {
    byte[][] examples = new byte[6][];
    Arrays.setAll(examples, i -> example("image", i));
    Path file = write("a.rec", examples);
    byte[] changed = Files.readAllBytes(file);
    int broken = Arrays.stream(examples).limit(3).mapToInt(e -> e.length + 16).sum();
    changed[broken + 12 + examples[3].length - 1] ^= 1;
    List<float[]> expected = firstPixels(file);
    Files.write(file, changed);
    try (Batches batches = batches(file)) {
      for (float[] batch : expected) {
        float[] replaced = batch.clone();
        for (int i = 0; i < replaced.length; i += 2) {
          if (replaced[i] == value(3)) {
            replaced[i] = value(4);
            replaced[i + 1] = value(8);
          }
        }
        assertArrayEquals(replaced, batches.next());
      }
      assertEquals(1, batches.warnings().size());
      String warning = batches.warnings().get(0);
      String name = "the record at byte " + broken + " of " + file + " is broken and left out: ";
      assertEquals(name, warning.substring(0, Math.min(name.length(), warning.length())));
      assertEquals(1, warning.lines().count());
    }
  }

  private static List<float[]> firstPixels(Path file) {
    try (Batches batches = batches(file)) {
      return batches.next(6);
    }
  }

  private static Batches batches(Path file) {
    return new Batches(TfRecords.open(file.toString()), Batches.size(1, 2, 1), 4, 1, 0);
  }

  private static float value(int pixel) {
    return pixel / 127.5f - 1f;
  }

  private static String messageOf(Path place) {
    return org.tfddpm.testing.BadInputs.messageOf(() -> TfRecords.open(place.toString()));
  }

  private Path write(String name, byte[]... records) throws IOException {
    Path file = folder.resolve(name);
    try (OutputStream out = Files.newOutputStream(file)) {
      for (byte[] record : records) {
        TfRecord.write(out, record);
      }
    }
    return file;
  }

  /** An image of two pixels, value and 2 value. */
  private static byte[] example(String feature, int value) {
    return example(feature, TestImages.png(1, 2, 1, (y, x, c) -> (x + 1) * value));
  }

  /** An image of many pixels, the first of this value. */
  private static byte[] large(int value) {
    return example("image", TestImages.png(40, 50, 3, (y, x, c) -> (value + 31 * y * x + c) % 256));
  }

  private static byte[] example(String feature, byte[] image) {
    Feature bytes =
        Feature.newBuilder()
            .setBytesList(BytesList.newBuilder().addValue(ByteString.copyFrom(image)))
            .build();
    Example.Builder example = Example.newBuilder();
    example.getFeaturesBuilder().putAllFeature(Collections.singletonMap(feature, bytes));
    return example.build().toByteArray();
  }
}
