package org.tfddpm.run;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The record format of TFRecord and TensorBoard's files: length (8 bytes, little endian), its
 * masked CRC-32C (4), the bytes, their masked CRC-32C (4).
 */
public final class TfRecord {
  private TfRecord() {}

  /** Appends a record. */
  public static void write(OutputStream out, byte[] content) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
    header.putLong(content.length).putInt(maskedCrc(header.array(), 8));
    ByteBuffer footer = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
    footer.putInt(maskedCrc(content, content.length));
    out.write(header.array());
    out.write(content);
    out.write(footer.array());
  }

  /**
   * The records of a file.
   *
   * @throws IOException if it is cut short, or not what was written
   */
  public static List<byte[]> read(byte[] file) throws IOException {
    List<byte[]> records = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    byte[] length = new byte[8];
    while (in.hasRemaining()) {
      long size = in.remaining() < 16 ? -1 : in.getLong(in.position());
      if (size < 0 || size > in.remaining() - 16) {
        throw new IOException("record " + records.size() + " is cut short");
      }
      in.get(length);
      boolean good = in.getInt() == maskedCrc(length, length.length);
      byte[] content = new byte[(int) size];
      in.get(content);
      if (!good || in.getInt() != maskedCrc(content, content.length)) {
        throw new IOException("record " + records.size() + " is not what was written");
      }
      records.add(content);
    }
    return records;
  }

  /** The checksum of the first bytes, rotated and shifted as the format wants it. */
  public static int maskedCrc(byte[] content, int length) {
    CRC32C crc = new CRC32C();
    crc.update(content, 0, length);
    return Integer.rotateRight((int) crc.getValue(), 15) + 0xa282ead8;
  }
}
