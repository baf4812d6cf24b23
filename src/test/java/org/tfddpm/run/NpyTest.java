package org.tfddpm.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The format as NumPy documents it, read by hand. */
class NpyTest {
  @Test
  void writesShapeAndValues() {
    byte[] pixels = new byte[2 * 3 * 4 * 3];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (200 + i);
    }
    byte[] file = Npy.of(new Images(pixels, 3, 4, 3));
    String header = header(file);
    assertEquals(
        "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 3, 4, 3), }", header.strip());
    assertArrayEquals(pixels, Arrays.copyOfRange(file, 10 + header.length(), file.length));
  }

  /** Whatever the numbers' lengths, the values begin at a multiple of 64 bytes. */
  @Test
  void alignsTheValues() {
    for (int digits = 0; digits < 5; digits++) {
      int width = (int) Math.pow(10, digits);
      for (int count : new int[] {1, 10, 100}) {
        byte[] file = Npy.of(new Images(new byte[count * width], 1, width, 1));
        String header = header(file);
        assertEquals(0, (10 + header.length()) % 64);
        assertEquals(10 + header.length() + count * width, file.length);
        assertTrue(header.endsWith("\n"));
        assertTrue(header.strip().length() + 1 > header.length() - 64, "padded too far");
        assertTrue(header.contains("'shape': (" + count + ", 1, " + width + ", 1), }"));
      }
    }
  }

  @Test
  void writesFloats() {
    byte[] file = Npy.of(new float[] {1, -0.5f, 3e-7f}, 1, 3, 1, 1);
    String header = header(file);
    assertEquals(
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 3, 1, 1), }", header.strip());
    ByteBuffer values = ByteBuffer.wrap(file, 10 + header.length(), 12);
    values.order(ByteOrder.LITTLE_ENDIAN);
    assertEquals(1f, values.getFloat());
    assertEquals(-0.5f, values.getFloat());
    assertEquals(3e-7f, values.getFloat());
  }

  @Test
  void writesNoImages() {
    assertTrue(header(Npy.of(new Images(new byte[0], 8, 8, 1))).contains("(0, 8, 8, 1)"));
  }

  private static String header(byte[] file) {
    assertArrayEquals(
        new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0}, Arrays.copyOf(file, 8));
    int length = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getShort(8);
    return new String(file, 10, length, StandardCharsets.US_ASCII);
  }
}
