package org.tfddpm.interop;

import java.nio.ByteBuffer;

/** The types of numbers that weights come in; all become float32 exactly. */
enum NumberType {
  /** float32. */
  F32(4) {
    @Override
    float read(ByteBuffer from, int index) {
      return from.getFloat(4 * index);
    }
  },
  /** IEEE half precision. */
  F16(2) {
    @Override
    float read(ByteBuffer from, int index) {
      return half(from.getShort(2 * index));
    }
  },
  /** bfloat16: the upper half of a float32. */
  BF16(2) {
    @Override
    float read(ByteBuffer from, int index) {
      return Float.intBitsToFloat(from.getShort(2 * index) << 16);
    }
  };

  private static final int FRACTION_BITS = 10;

  private final int bytes;

  NumberType(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes of a number. */
  int bytes() {
    return bytes;
  }

  /** The number of this index. */
  abstract float read(ByteBuffer from, int index);

  private static float half(short bits) {
    int exponent = (bits >> FRACTION_BITS) & 0x1F;
    int fraction = bits & 0x3FF;
    float magnitude =
        switch (exponent) {
          case 0 -> Math.scalb((float) fraction, -24);
          case 0x1F -> fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
          default -> Math.scalb((float) (fraction + (1 << FRACTION_BITS)), exponent - 25);
        };
    return bits < 0 ? -magnitude : magnitude;
  }
}
