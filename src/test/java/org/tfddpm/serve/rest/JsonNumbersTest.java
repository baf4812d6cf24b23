package org.tfddpm.serve.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Numbers as C++ servers print them. */
class JsonNumbersTest {
  @ParameterizedTest
  @CsvSource({
    "9000000, 9e+06",
    "999999, 999999.0",
    "1000000, 1e+06",
    "0.0003, 0.0003",
    "0.00003, 3e-05",
    "555557.5, 555557.5",
    "0.1, 0.1",
    "-2.5, -2.5",
    "3, 3.0",
    "100, 100.0",
    "1435774380, 1.43577434e+09",
    "0.333333343, 0.333333343",
    "16777216, 16777216.0",
    "3.4028235e38, 3.40282347e+38",
    "1.4e-45, 1.4013e-45",
    "0, 0.0",
    "-0.0, -0.0",
    "NaN, NaN",
    "-Infinity, -Infinity",
  })
  void floats(float value, String expected) {
    assertEquals(expected, text(value));
  }

  @ParameterizedTest
  @CsvSource({"0.1, 0.1", "0.30000000000000004, 0.30000000000000004", "1e300, 1e+300", "2, 2.0"})
  void doubles(double value, String expected) {
    StringBuilder out = new StringBuilder();
    JsonNumbers.append(out, value);
    assertEquals(expected, out.toString());
  }

  /** Six digits where they give the same number, or else nine: against exact arithmetic. */
  @Test
  void manyFloatsAreRightAndReadBack() {
    Random random = new Random(1);
    for (int i = 0; i < 50_000; i++) {
      float value =
          i % 2 == 0
              ? (float) random.nextGaussian()
              : Float.intBitsToFloat(random.nextInt() & 0x7F7FFFFF);
      String text = text(value);
      assertEquals(value, Float.parseFloat(text), text);
      BigDecimal six = new BigDecimal(value).round(new MathContext(6, RoundingMode.HALF_EVEN));
      BigDecimal nine = new BigDecimal(value).round(new MathContext(9, RoundingMode.HALF_EVEN));
      assertEquals(
          0, (six.floatValue() == value ? six : nine).compareTo(new BigDecimal(text)), text);
      assertTrue(!text.contains("E"), text);
    }
  }

  private static String text(float value) {
    StringBuilder out = new StringBuilder();
    JsonNumbers.append(out, value);
    return out.toString();
  }
}
