package org.tfddpm.run;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** NumPy's file format, version 1.0: magic, length of the header, header, values in C order. */
public final class Npy {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};

  private Npy() {}

  /** The images as uint8 [N,H,W,C]. */
  public static byte[] of(Images images) {
    String header =
        String.format(
            "{'descr': '|u1', 'fortran_order': False, 'shape': (%d, %d, %d, %d), }",
            images.count(), images.height(), images.width(), images.channels());
    // With the newline that ends it, the header fills up to a multiple of 64 bytes.
    int unpadded = MAGIC.length + 2 + header.length() + 1;
    String padded = header + " ".repeat((64 - unpadded % 64) % 64) + "\n";
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(MAGIC);
    out.write(padded.length() & 0xFF);
    out.write(padded.length() >> 8);
    out.writeBytes(padded.getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(images.pixels());
    return out.toByteArray();
  }
}
