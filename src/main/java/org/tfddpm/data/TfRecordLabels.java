package org.tfddpm.data;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.proto.Int64List;
import org.tfddpm.spec.BadInput;

/**
 * The labels in TFRecord files of tf.train.Example: one int64 in each record. Nothing but the small
 * parts of a record are read; its image is skipped in the file.
 */
final class TfRecordLabels {
  /** Names under which programs write labels; the first that every record has is taken. */
  private static final List<String> FEATURES = List.of("image/class/label", "label");

  /** Each class has a name in memory: a larger label is some other number. */
  private static final int LARGEST = 999_999;

  private static final int NONE = -1;

  /** Read at once; little is wasted of what stands before an image, and after it. */
  private static final int BUFFER = 512;

  private final TfRecordIndex index;
  private final String feature;
  private final int[] labels;

  private TfRecordLabels(TfRecordIndex index, String feature) {
    this.index = index;
    this.feature = feature;
    this.labels = new int[(int) index.count()];
  }

  /**
   * The label of each record.
   *
   * @param source what messages call the files
   */
  static Labels of(String source, TfRecordIndex index) {
    List<String> missing = new ArrayList<>();
    for (String feature : FEATURES) {
      TfRecordLabels found = new TfRecordLabels(index, feature);
      int without = found.read();
      if (without == NONE) {
        return Labels.numbered(found.labels);
      }
      missing.add(feature + " (" + index.nameOf(without) + " has none)");
    }
    return Labels.none(
        source
            + ": no labels: each record needs one int64 of 0 ... "
            + LARGEST
            + " as "
            + String.join(" or ", missing));
  }

  /** Reads all labels, or up to a record without one, which is returned. */
  private int read() {
    int largest = NONE;
    int record = 0;
    while (record < labels.length) {
      Path file = index.fileAt(record);
      try (FileInputStream in = new FileInputStream(file.toFile())) {
        for (; record < labels.length && index.fileAt(record).equals(file); record++) {
          in.getChannel().position(index.offsets()[record]);
          int label = label(in);
          // What is odd may come of broken bytes. Such a record is never shown, so that any label
          // does; and one of them shall not make classes that are none.
          boolean odd = label == NONE || label > largest;
          if (odd && !index.isIntact(record)) {
            continue;
          }
          if (label == NONE) {
            return record;
          }
          labels[record] = label;
          largest = Math.max(largest, label);
        }
      } catch (IOException e) {
        throw new BadInput(file + ": cannot be read", e);
      }
    }
    return NONE;
  }

  /** The label of the record that begins where the file stands, or NONE. */
  private int label(InputStream in) throws IOException {
    long length =
        ByteBuffer.wrap(in.readNBytes(TfRecordIndex.HEADER))
            .order(ByteOrder.LITTLE_ENDIAN)
            .getLong();
    CodedInputStream example = CodedInputStream.newInstance(in, BUFFER);
    try {
      example.pushLimit(Math.toIntExact(length));
      Int64List values = ExampleFeature.find(example, feature).getInt64List();
      long label = values.getValueCount() == 1 ? values.getValue(0) : NONE;
      return label >= 0 && label <= LARGEST ? (int) label : NONE;
    } catch (InvalidProtocolBufferException e) {
      return NONE;
    }
  }
}
