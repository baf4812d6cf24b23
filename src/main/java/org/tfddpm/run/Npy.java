package org.tfddpm.run;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;

/** NumPy's file format, version 1.0: magic, length of the header, header, values in C order. */
public final class Npy {
  static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

  private Npy() {}

  /** The images as uint8 [N,H,W,C]. */
  public static byte[] of(Images images) {
    return of(
        "|u1", images.pixels(), images.count(), images.height(), images.width(), images.channels());
  }

  /** Values as float32 of a shape. */
  public static byte[] of(float[] values, int... shape) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return of("<f4", bytes.array(), shape);
  }

  private static byte[] of(String type, byte[] values, int... shape) {
    String header =
        String.format(
            "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }",
            type, Arrays.stream(shape).mapToObj(String::valueOf).collect(Collectors.joining(", ")));
    // With the newline that ends it, the header fills up to a multiple of 64 bytes.
    int unpadded = MAGIC.length + 4 + header.length() + 1;
    String padded = header + " ".repeat((64 - unpadded % 64) % 64) + "\n";
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(MAGIC);
    out.write(1);
    out.write(0);
    out.write(padded.length() & 0xFF);
    out.write(padded.length() >> 8);
    out.writeBytes(padded.getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(values);
    return out.toByteArray();
  }
}
