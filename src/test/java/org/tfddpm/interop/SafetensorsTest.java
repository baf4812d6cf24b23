package org.tfddpm.interop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.ndarray.Shape;
import org.tfddpm.interop.Published.Tensor;
import org.tfddpm.testing.BadInputs;

class SafetensorsTest {
  @TempDir Path folder;

  private Path write(long length, String header, byte[] data) throws IOException {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + text.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(length).put(text).put(data);
    return Files.write(folder.resolve("x.safetensors"), bytes.array());
  }

  private Path write(String header, int... data) throws IOException {
    byte[] bytes = new byte[data.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) data[i];
    }
    return write(header.length(), header, bytes);
  }

  private static float[] read(Path file, String name) throws IOException {
    try (Safetensors in = new Safetensors(file)) {
      return in.read(name);
    }
  }

  private static String shapeOf(Path file, String name) throws IOException {
    try (Safetensors in = new Safetensors(file)) {
      return String.valueOf(in.shapes().get(name));
    }
  }

  @Test
  void whatIsWrittenIsRead() throws IOException {
    float[] values = {1, -2.5f, Float.MIN_VALUE, Float.NEGATIVE_INFINITY, -0f, 1e30f};
    Map<String, Tensor> tensors =
        Map.of(
            "b", new Tensor(Shape.of(2, 3), values), "a", new Tensor(Shape.scalar(), new float[1]));
    Path file = folder.resolve("x.safetensors");
    Published.write(file, tensors);
    assertArrayEquals(values, read(file, "b"));
    assertEquals("[2, 3]", shapeOf(file, "b"));
    // Tensors begin at a multiple of eight.
    long length =
        ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN).getLong();
    assertEquals(0, length % 8);
  }

  @Test
  void halfPrecisionIsExact() throws IOException {
    // 1, -2, the largest, the least normal, the least of all, infinity, -0, 0.333
    Path file =
        write(
            "{\"h\":{\"dtype\":\"F16\",\"shape\":[8],\"data_offsets\":[0,16]}}",
            0x00,
            0x3C,
            0x00,
            0xC0,
            0xFF,
            0x7B,
            0x00,
            0x04,
            0x01,
            0x00,
            0x00,
            0x7C,
            0x00,
            0x80,
            0x55,
            0x35);
    float[] expected = {
      1, -2, 65504, 0x1p-14f, 0x1p-24f, Float.POSITIVE_INFINITY, -0f, 0.33325195f
    };
    assertArrayEquals(expected, read(file, "h"));
  }

  @Test
  void bfloat16IsExact() throws IOException {
    Path file =
        write(
            "{\"h\":{\"dtype\":\"BF16\",\"shape\":[3],\"data_offsets\":[0,6]}}",
            0x80,
            0x3F,
            0x49,
            0xC0,
            0x80,
            0xFF);
    assertArrayEquals(new float[] {1, -3.140625f, Float.NEGATIVE_INFINITY}, read(file, "h"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[1] | its header is no JSON object",
        "{\"a\": | its header is no JSON object",
        "{\"a\":3} | a is not described by an object",
        "{\"a\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[0,8]}} |"
            + " a is of type I64: allowed are F32, F16, BF16",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,8]}} |"
            + " a has the shape [-1]: allowed are whole numbers from 0",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0]}} |"
            + " a has data_offsets [0]: allowed are two",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}} |"
            + " a F32 [2] takes 8 bytes, its data_offsets are [0, 4]",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,8]}} |"
            + " a has the shape [4294967296, 4294967296]: larger than any file",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
            + "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[2,6]}} |"
            + " b begins at byte 2: allowed is 4, where the one before ends",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}} |"
            + " a begins at byte 4: allowed is 0, where the one before ends",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,12]}} |"
            + " 8 bytes of tensors, its header tells of 12: cut off or broken",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}} |"
            + " 8 bytes of tensors, its header tells of 4: cut off or broken",
      })
  void brokenHeadersAreRefused(String header, String message) throws IOException {
    Path file = write(header, 0, 0, 0, 0, 0, 0, 0, 0);
    assertEquals(file + ": " + message, BadInputs.messageOf(() -> read(file, "a")));
  }

  @Test
  void absurdLengthsAreRefused() throws IOException {
    for (long length : new long[] {-1, 0, 3, Long.MAX_VALUE, 99_999_999}) {
      Path file = write(length, "{}", new byte[0]);
      String said = Long.toUnsignedString(length);
      assertEquals(
          file + ": no safetensors file: 10 bytes with a header of " + said,
          BadInputs.messageOf(() -> read(file, "a")));
    }
    Path file = Files.write(folder.resolve("short"), new byte[5]);
    BadInputs.messageOf(() -> read(file, "a"));
  }
}
