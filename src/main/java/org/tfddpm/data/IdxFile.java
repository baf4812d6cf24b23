package org.tfddpm.data;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.zip.GZIPInputStream;
import org.tfddpm.spec.BadInput;

/**
 * A file of the format of MNIST and its kin, gzipped or not: two zero bytes, type 8 (unsigned
 * byte), the number of dimensions, each dimension as a big-endian int, then the values.
 *
 * @param name what messages call it
 * @param plain its content, unzipped
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record IdxFile(String name, byte[] plain) {
  private static final int IMAGES = 0x00000803;
  private static final int LABELS = 0x00000801;

  /** A file of this content. */
  static IdxFile of(String name, byte[] content) {
    boolean zipped = content.length > 2 && content[0] == (byte) 0x1f && content[1] == (byte) 0x8b;
    if (!zipped) {
      return new IdxFile(name, content);
    }
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(content))) {
      return new IdxFile(name, in.readAllBytes());
    } catch (IOException e) {
      throw new BadInput(name + ": the gzip file is broken or cut short", e);
    }
  }

  /** Its images. */
  MemorySource images() {
    ByteBuffer buffer = ByteBuffer.wrap(plain);
    if (plain.length < 16 || buffer.getInt() != IMAGES) {
      throw new BadInput(name + ": not an IDX file of images (unsigned bytes in three dimensions)");
    }
    long count = buffer.getInt();
    int height = buffer.getInt();
    int width = buffer.getInt();
    if (count < 1 || height < 1 || width < 1) {
      throw new BadInput(name + ": holds " + count + " images of " + height + "x" + width);
    }
    String what = String.format("%d images of %dx%d", count, height, width);
    byte[] pixels = values(buffer, "pixels", what, count * height * width);
    return new MemorySource(pixels, count, height, width, 1);
  }

  /**
   * Its labels.
   *
   * @param images how many images they are for
   * @param imagesFile what messages call the file of these
   */
  Labels labels(long images, String imagesFile) {
    ByteBuffer buffer = ByteBuffer.wrap(plain);
    if (plain.length < 8 || buffer.getInt() != LABELS) {
      throw new BadInput(name + ": not an IDX file of labels (unsigned bytes in one dimension)");
    }
    int count = buffer.getInt();
    byte[] bytes = values(buffer, "labels", count + " labels", count);
    if (count != images) {
      throw new BadInput(
          String.format(
              "%s: holds %d labels for %d images of %s", name, count, images, imagesFile));
    }
    int[] labels = new int[count];
    for (int i = 0; i < count; i++) {
      labels[i] = Byte.toUnsignedInt(bytes[i]);
    }
    return Labels.numbered(labels);
  }

  private byte[] values(ByteBuffer rest, String kind, String what, long expected) {
    if (rest.remaining() != expected) {
      throw new BadInput(
          String.format(
              "%s: holds %d bytes of %s where %s have %d%s",
              name,
              rest.remaining(),
              kind,
              what,
              expected,
              rest.remaining() < expected ? "; it is cut short" : ""));
    }
    byte[] values = new byte[rest.remaining()];
    rest.get(values);
    return values;
  }
}
