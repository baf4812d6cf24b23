package org.tfddpm.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.tfddpm.run.Images;

/** Compares images of bytes. */
public final class Pixels8 {
  private static final double OFF_BY_ONE = 0.01;

  private Pixels8() {}

  /** Values 0 ... 255. */
  public static int[] unsigned(Images images) {
    int[] values = new int[images.pixels().length];
    for (int i = 0; i < values.length; i++) {
      values[i] = images.pixels()[i] & 0xFF;
    }
    return values;
  }

  /** One of them. */
  public static Images row(Images images, int row) {
    int size = images.pixels().length / images.count();
    return new Images(
        Arrays.copyOfRange(images.pixels(), row * size, (row + 1) * size),
        images.height(),
        images.width(),
        images.channels());
  }

  /** How many of the pixels differ by more than rounding, 0 ... 1. */
  public static double different(Images one, Images other) {
    int[] a = unsigned(one);
    int[] b = unsigned(other);
    assertEquals(a.length, b.length);
    int different = 0;
    for (int i = 0; i < a.length; i++) {
      different += Math.abs(a[i] - b[i]) > 1 ? 1 : 0;
    }
    return different / (double) a.length;
  }

  /** The same but for rounding: batches of other sizes sum in another order. */
  public static void assertSame(Images expected, Images given) {
    assertEquals(0, different(expected, given));
    int[] a = unsigned(expected);
    int[] b = unsigned(given);
    int off = 0;
    for (int i = 0; i < a.length; i++) {
      off += a[i] == b[i] ? 0 : 1;
    }
    int all = off;
    assertTrue(off <= OFF_BY_ONE * a.length, () -> all + " of " + a.length + " pixels differ");
  }
}
