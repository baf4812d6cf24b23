package org.tfddpm.diffusion.sampler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.tensorflow.Operand;
import org.tensorflow.types.TInt32;
import org.tfddpm.diffusion.SeededNormal;
import org.tfddpm.testing.Graphs;

class SlerpTest {
  @Test
  void turnsByEqualAnglesInThePlaneOfBoth() {
    // theta is 60 degrees: a third of the way is 20 degrees, whatever the lengths.
    float[] x0 = {2, 0};
    float[] x1 = {(float) (2 * Math.cos(Math.PI / 3)), (float) (2 * Math.sin(Math.PI / 3))};
    double angle = Math.PI / 9;
    float[] expected = {(float) (2 * Math.cos(angle)), (float) (2 * Math.sin(angle))};
    assertArrayEquals(expected, Slerp.of(x0, x1, 1.0 / 3), 1e-6f);
  }

  @Test
  void isTheEquation() {
    float[] x0 = normal(1, 5);
    float[] x1 = normal(2, 5);
    double dot = 0;
    double norm0 = 0;
    double norm1 = 0;
    for (int i = 0; i < 5; i++) {
      dot += x0[i] * (double) x1[i];
      norm0 += x0[i] * (double) x0[i];
      norm1 += x1[i] * (double) x1[i];
    }
    double theta = Math.acos(dot / Math.sqrt(norm0) / Math.sqrt(norm1));
    for (double alpha : new double[] {0.1, 0.5, 0.75}) {
      float[] given = Slerp.of(x0, x1, alpha);
      for (int i = 0; i < 5; i++) {
        double expected =
            Math.sin((1 - alpha) * theta) / Math.sin(theta) * x0[i]
                + Math.sin(alpha * theta) / Math.sin(theta) * x1[i];
        assertEquals(expected, given[i], 1e-6);
      }
    }
  }

  @Test
  void beginsAndEndsAtBothExactly() {
    float[] x0 = normal(1, 100);
    float[] x1 = normal(2, 100);
    assertArrayEquals(x0, Slerp.of(x0, x1, 0));
    assertArrayEquals(x1, Slerp.of(x0, x1, 1));
    assertArrayEquals(x0, Slerp.of(x0, x0, 0.3), 1e-6f);
  }

  /** A straight line between two seeds would lose 30 % of the length half-way. */
  @Test
  void keepsTheNormOfNoise() {
    int size = 64 * 64 * 3;
    float[] both =
        Graphs.run(
            tf -> {
              Operand<TInt32> seeds = tf.constant(new int[] {3, 8});
              return SeededNormal.of(tf, seeds, tf.constant(0), 64, 64, 3);
            });
    float[] x0 = new float[size];
    float[] x1 = new float[size];
    System.arraycopy(both, 0, x0, 0, size);
    System.arraycopy(both, size, x1, 0, size);
    for (int i = 0; i <= 10; i++) {
      double square = 0;
      for (float value : Slerp.of(x0, x1, i / 10.0)) {
        square += value * (double) value / size;
      }
      assertEquals(1, Math.sqrt(square), 0.03);
    }
  }

  private static float[] normal(long seed, int count) {
    Random random = new Random(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
