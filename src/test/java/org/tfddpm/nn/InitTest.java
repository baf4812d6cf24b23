package org.tfddpm.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.tensorflow.ndarray.Shape;
import org.tfddpm.testing.Graphs;

class InitTest {
  @Test
  void fanAverageOfAConvolutionIsUniformWithItsVariance() {
    // fan in 9 * 16, fan out 9 * 48: variance 1/288, limit sqrt(3/288).
    float[] values = values(Init.fanAverage(1), Shape.of(3, 3, 16, 48), 1);
    double limit = Math.sqrt(3.0 / 288);
    double square = 0;
    double sum = 0;
    double largest = 0;
    for (float value : values) {
      square += (double) value * value / values.length;
      sum += value;
      largest = Math.max(largest, Math.abs(value));
    }
    assertEquals(1, square * 288, 0.05);
    assertEquals(0, sum / values.length, 5 * Math.sqrt(1.0 / 288 / values.length));
    assertTrue(largest <= limit && largest > 0.99 * limit);
  }

  @Test
  void fanAverageOfADenseLayer() {
    float[] values = values(Init.fanAverage(1), Shape.of(200, 100), 1);
    double limit = Math.sqrt(3.0 / 150);
    for (float value : values) {
      assertTrue(Math.abs(value) <= limit);
    }
  }

  @Test
  void nearlyZeroIsNearlyZero() {
    for (float value : values(Init.fanAverage(1e-10), Shape.of(1, 1, 8, 8), 1)) {
      assertTrue(Math.abs(value) < 1e-5);
    }
  }

  @Test
  void seedsDecide() {
    float[] first = values(Init.fanAverage(1), Shape.of(10, 10), 1);
    assertArrayEquals(first, values(Init.fanAverage(1), Shape.of(10, 10), 1));
    assertFalse(Arrays.equals(first, values(Init.fanAverage(1), Shape.of(10, 10), 2)));
  }

  @Test
  void zerosAndOnes() {
    assertArrayEquals(new float[] {0, 0}, values(Init.zeros(), Shape.of(2), 1));
    assertArrayEquals(new float[] {1, 1}, values(Init.ones(), Shape.of(2), 1));
  }

  private static float[] values(Init init, Shape shape, long seed) {
    return Graphs.run(tf -> init.values(tf, shape, seed));
  }
}
