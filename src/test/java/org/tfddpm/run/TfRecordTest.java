package org.tfddpm.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tfddpm.testing.Records;

class TfRecordTest {
  private static final byte[] DIGITS = "123456789".getBytes(StandardCharsets.US_ASCII);

  @TempDir Path folder;

  /** Every byte; CRC-32C of these digits is e3069283, the check value of its definition. */
  @Test
  void writesLengthContentAndTheirChecksums() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    TfRecord.write(out, DIGITS);
    assertEquals(
        "0900000000000000" + "37f97139" + "313233343536373839" + "e5b08ac7",
        HexFormat.of().formatHex(out.toByteArray()));
  }

  @Test
  void masksTheChecksumOfTheFirstBytes() {
    byte[] longer = "123456789 and more".getBytes(StandardCharsets.US_ASCII);
    long rotated = 0xE3069283L >>> 15 | (0xE3069283L << 17 & 0xFFFFFFFFL);
    assertEquals((int) (rotated + 0xa282ead8L), TfRecord.maskedCrc(longer, 9));
  }

  @Test
  void appendsRecords() throws IOException {
    Path file = folder.resolve("records");
    List<byte[]> written = List.of(new byte[0], DIGITS, new byte[70_000]);
    try (OutputStream out = Files.newOutputStream(file)) {
      for (byte[] record : written) {
        TfRecord.write(out, record);
      }
    }
    List<byte[]> read = Records.read(file);
    assertEquals(3, read.size());
    for (int i = 0; i < 3; i++) {
      assertArrayEquals(written.get(i), read.get(i));
    }
  }
}
