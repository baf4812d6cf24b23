package org.tfddpm.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/** TFRecord files read back by the letter of their format. */
public final class Records {
  private Records() {}

  /** The records of a file, whose checksums must be right. */
  public static List<byte[]> read(Path file) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    List<byte[]> records = new ArrayList<>();
    while (in.hasRemaining()) {
      byte[] length = new byte[8];
      in.get(length);
      assertEquals(maskedCrc(length), Integer.toUnsignedLong(in.getInt()), "of the length");
      byte[] content =
          new byte[(int) ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong()];
      in.get(content);
      assertEquals(maskedCrc(content), Integer.toUnsignedLong(in.getInt()), "of the bytes");
      records.add(content);
    }
    return records;
  }

  /** ((crc >> 15) | (crc << 17)) + 0xa282ead8, modulo 2^32. */
  public static long maskedCrc(byte[] content) {
    CRC32C crc = new CRC32C();
    crc.update(content);
    long value = crc.getValue();
    long rotated = (value >>> 15) | (value << 17 & 0xFFFFFFFFL);
    return rotated + 0xa282ead8L & 0xFFFFFFFFL;
  }
}
