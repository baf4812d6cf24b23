package org.tfddpm.serve.rest;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * Numbers as TensorFlow Serving writes them: as C's %g does with six digits, or with as many as it
 * takes to read the same number back; ".0" after what would look like a whole number.
 */
final class JsonNumbers {
  private static final int SHORT = 6;
  private static final int FLOAT = 9;
  private static final int DOUBLE = 17;

  /** Powers of ten that are exact in a double. */
  private static final double[] TEN = new double[23];

  static {
    for (int i = 0; i < TEN.length; i++) {
      TEN[i] = Double.parseDouble("1e" + i);
    }
  }

  private JsonNumbers() {}

  static void append(StringBuilder out, float value) {
    if (!Float.isFinite(value) || value == 0) {
      appendSpecial(out, value);
      return;
    }
    if (quick(out, value, SHORT, true) || quick(out, value, FLOAT, false)) {
      return;
    }
    String text = general(value, SHORT);
    out.append(Float.parseFloat(text) == value ? text : general(value, FLOAT));
  }

  static void append(StringBuilder out, double value) {
    if (!Double.isFinite(value) || value == 0) {
      appendSpecial(out, value);
      return;
    }
    String text = general(value, SHORT);
    out.append(Double.parseDouble(text) == value ? text : general(value, DOUBLE));
  }

  private static void appendSpecial(StringBuilder out, double value) {
    if (value == 0) {
      out.append(1 / value < 0 ? "-0.0" : "0.0");
    } else if (Double.isNaN(value)) {
      out.append("NaN");
    } else {
      out.append(value < 0 ? "-Infinity" : "Infinity");
    }
  }

  /**
   * Writes a float where plain arithmetic gives the right digits; most are of that kind.
   *
   * @param check whether to write it only if the digits give the same float
   * @return whether it has been written
   */
  private static boolean quick(StringBuilder out, float value, int digits, boolean check) {
    double size = Math.abs((double) value);
    if (size < 1e-4 || size >= 1e6) {
      return false;
    }
    int exponent = (int) Math.floor(Math.log10(size));
    int scale = digits - 1 - exponent;
    double scaled = size * TEN[scale];
    double floor = Math.floor(scaled);
    // So near to a tie, rounding of the product may have decided.
    if (Math.abs(scaled - floor - 0.5) < 1e-5) {
      return false;
    }
    long whole = (long) (scaled - floor > 0.5 ? floor + 1 : floor);
    if (whole >= (long) TEN[digits] || whole < (long) TEN[digits - 1]) {
      return false;
    }
    if (check && (float) (whole / TEN[scale]) != (float) size) {
      return false;
    }
    write(out, value < 0, Long.toString(whole), exponent, digits);
    return true;
  }

  /** C's %g of so many digits, with ".0". */
  static String general(double value, int digits) {
    BigDecimal rounded =
        new BigDecimal(Math.abs(value)).round(new MathContext(digits, RoundingMode.HALF_EVEN));
    String unscaled = rounded.unscaledValue().toString();
    int exponent = unscaled.length() - 1 - rounded.scale();
    StringBuilder out = new StringBuilder();
    write(out, value < 0, unscaled, exponent, digits);
    return out.toString();
  }

  /** Writes d.ddd 10^exponent, fixed where %g would, without zeros at its end. */
  private static void write(
      StringBuilder out, boolean negative, String all, int exponent, int digits) {
    int length = all.length();
    while (length > 1 && all.charAt(length - 1) == '0') {
      length--;
    }
    if (negative) {
      out.append('-');
    }
    if (exponent < -4 || exponent >= digits) {
      out.append(all.charAt(0));
      if (length > 1) {
        out.append('.').append(all, 1, length);
      }
      int size = Math.abs(exponent);
      out.append('e').append(exponent < 0 ? '-' : '+').append(size < 10 ? "0" : "").append(size);
    } else if (exponent < 0) {
      out.append("0.").append("0".repeat(-exponent - 1)).append(all, 0, length);
    } else if (length <= exponent + 1) {
      out.append(all, 0, length).append("0".repeat(exponent + 1 - length)).append(".0");
    } else {
      out.append(all, 0, exponent + 1).append('.').append(all, exponent + 1, length);
    }
  }
}
