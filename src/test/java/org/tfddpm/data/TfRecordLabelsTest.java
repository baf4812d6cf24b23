package org.tfddpm.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.tfddpm.testing.BadInputs.messageOf;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.BytesList;
import org.tensorflow.proto.Example;
import org.tensorflow.proto.Feature;
import org.tensorflow.proto.FloatList;
import org.tensorflow.proto.Int64List;
import org.tfddpm.run.TfRecord;
import org.tfddpm.testing.TestImages;

class TfRecordLabelsTest {
  private static final String LONG = "image/class/label";

  /** Far more than is read at once. */
  private static final Feature IMAGE =
      bytes(TestImages.png(60, 60, 3, (y, x, c) -> 31 * y * x * (c + 1) % 256));

  @TempDir Path folder;

  @Test
  void readsTheLabelsOfBothHabits() throws IOException {
    for (String name : List.of("label", LONG)) {
      write("a", example(name, 2), example(name, 0), example(name, 300));
      write("b", example(name, 1));
      assertLabels(2, 0, 300, 1);
      assertEquals(301, open().classNames().size());
      assertEquals(List.of("0", "1", "2"), open().classNames().subList(0, 3));
    }
  }

  /** An image, and features of other names and kinds, before the label and after it. */
  @Test
  void findsTheLabelWhereverItStands() throws IOException {
    Feature weight = Feature.newBuilder().setFloatList(FloatList.newBuilder().addValue(1)).build();
    List<Map.Entry<String, Feature>> others =
        List.of(
            Map.entry("image", IMAGE),
            Map.entry("image/class/text", bytes(new byte[700])),
            Map.entry("labels", number(4)),
            Map.entry("image/class", number(5)),
            Map.entry("weight", weight),
            Map.entry("none", Feature.getDefaultInstance()));
    List<byte[]> records = new ArrayList<>();
    for (int i = 0; i <= others.size(); i++) {
      List<Map.Entry<String, Feature>> features = new ArrayList<>(others);
      features.add(i, Map.entry("label", number(10 + i)));
      records.add(inThisOrder(features));
    }
    write("a", records.toArray(byte[][]::new));
    assertLabels(10, 11, 12, 13, 14, 15, 16);
  }

  @Test
  void prefersTheLongerName() throws IOException {
    write("a", both(1, 5), both(2, 6));
    assertLabels(1, 2);
    write("a", both(1, 5), example("label", 6));
    assertLabels(5, 6);
  }

  @Test
  void hasNoClassesWhereARecordHasNoLabel() throws IOException {
    byte[] labelled = both(1, 5);
    write("a", labelled);
    write("b", example("label", 1), labelled, example("other", 1));
    assertEquals(List.of(), open().classNames());
    assertEquals(
        "data source \"tfrecord:"
            + folder
            + "/*\": no labels: each record needs one int64 of 0 ... 999999 as image/class/label (the"
            + " record at byte 0 of "
            + folder.resolve("b")
            + " has none) or label (the record at byte "
            + (example("label", 1).length + labelled.length + 32)
            + " of "
            + folder.resolve("b")
            + " has none)",
        messageOf(() -> open().labels().ofImages()));
  }

  @Test
  void takesNoOtherValuesForLabels() throws IOException {
    for (Feature odd :
        List.of(
            number(-1),
            number(1_000_000),
            number(1L << 32),
            number(1, 2),
            number(),
            bytes(new byte[] {1}))) {
      write(
          "a",
          example("label", 1),
          inThisOrder(List.of(Map.entry("image", IMAGE), Map.entry("label", odd))));
      assertEquals(List.of(), open().classNames(), odd.toString());
    }
    write("a", example("label", 999_999));
    assertLabels(999_999);
  }

  /**
   * A record that is never shown, as its checksum tells, neither lacks a label nor makes classes.
   */
  @Test
  void passesOverBrokenRecords() throws IOException {
    byte[] middle = example("label", 2);
    int from = example("label", 1).length + 16 + 12;
    // The first tag, the name of the label, and the label itself.
    for (int at : new int[] {0, middle.length - 10, middle.length - 1}) {
      write("a", example("label", 1), middle, example("label", 3));
      byte[] file = Files.readAllBytes(folder.resolve("a"));
      file[from + at] ^= 0x55;
      Files.write(folder.resolve("a"), file);
      int[] labels = open().labels().ofImages();
      assertEquals(1, labels[0]);
      assertEquals(3, labels[2]);
      assertEquals(List.of("0", "1", "2", "3"), open().classNames(), "byte " + at);
    }
  }

  /** Records without labels cost nothing, and neither do labels that nobody asks for. */
  @Test
  void readsLabelsWhenTheyAreAskedFor() throws IOException {
    write("a", example("label", 1));
    TfRecords source = open();
    write("a", example("label", 4));
    assertEquals(5, source.classNames().size());
    write("a", example("label", 2));
    assertEquals(5, source.classNames().size());
  }

  private void assertLabels(int... labels) {
    assertArrayEquals(labels, open().labels().ofImages());
  }

  private TfRecords open() {
    return (TfRecords) TfRecords.open(folder + "/*");
  }

  private void write(String name, byte[]... records) throws IOException {
    try (OutputStream out = Files.newOutputStream(folder.resolve(name))) {
      for (byte[] record : records) {
        TfRecord.write(out, record);
      }
    }
  }

  /** An image, and then its label. */
  private static byte[] example(String name, long label) {
    return inThisOrder(List.of(Map.entry("image", IMAGE), Map.entry(name, number(label))));
  }

  private static byte[] both(long longName, long shortName) {
    return inThisOrder(
        List.of(
            Map.entry("label", number(shortName)),
            Map.entry("image", IMAGE),
            Map.entry(LONG, number(longName))));
  }

  private static byte[] inThisOrder(List<Map.Entry<String, Feature>> features) {
    Example.Builder example = Example.newBuilder();
    features.forEach(f -> example.getFeaturesBuilder().putFeature(f.getKey(), f.getValue()));
    return example.build().toByteArray();
  }

  private static Feature number(long... values) {
    Int64List.Builder list = Int64List.newBuilder();
    Arrays.stream(values).forEach(list::addValue);
    return Feature.newBuilder().setInt64List(list).build();
  }

  private static Feature bytes(byte[] value) {
    BytesList list = BytesList.newBuilder().addValue(ByteString.copyFrom(value)).build();
    return Feature.newBuilder().setBytesList(list).build();
  }
}
