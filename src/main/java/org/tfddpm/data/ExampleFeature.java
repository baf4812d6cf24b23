package org.tfddpm.data;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import org.tensorflow.proto.Feature;

/**
 * Finds one small feature of a tf.train.Example without reading the large ones:
 *
 * <pre>
 *   Example  { Features features = 1; }
 *   Features { map feature = 1; }       an entry: string key = 1; Feature value = 2;
 * </pre>
 */
final class ExampleFeature {
  private static final int FEATURES = tag(1);
  private static final int ENTRY = tag(1);
  private static final int KEY = tag(1);
  private static final int VALUE = tag(2);

  private final CodedInputStream in;
  private final String name;
  private Feature found = Feature.getDefaultInstance();

  private ExampleFeature(CodedInputStream in, String name) {
    this.in = in;
    this.name = name;
  }

  /**
   * The feature of this name, without a value if there is none.
   *
   * @param in ends, or has its limit, where the example ends
   */
  static Feature find(CodedInputStream in, String name) throws IOException {
    ExampleFeature search = new ExampleFeature(in, name);
    search.each(FEATURES, () -> search.each(ENTRY, search::entry));
    return search.found;
  }

  private void entry() throws IOException {
    String key = "";
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (tag == KEY) {
        key = in.readString();
      } else if (tag == VALUE && key.equals(name)) {
        found = Feature.parseFrom(in.readByteArray());
      } else {
        in.skipField(tag);
      }
    }
  }

  /** Looks into each message of this tag, up to the end of the one around it. */
  private void each(int wanted, Look look) throws IOException {
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (tag == wanted) {
        int around = in.pushLimit(in.readRawVarint32());
        look.inside();
        in.popLimit(around);
      } else {
        in.skipField(tag);
      }
    }
  }

  private static int tag(int field) {
    return field << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
  }

  @FunctionalInterface
  private interface Look {
    void inside() throws IOException;
  }
}
