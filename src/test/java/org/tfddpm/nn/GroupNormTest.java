package org.tfddpm.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.tfddpm.testing.Floats;
import org.tfddpm.testing.Graphs;

/** Group norm and swish against plain double loops over the definition. */
class GroupNormTest {
  private static final int N = 2;
  private static final int HW = 6;
  private static final int C = 8;
  private static final int GROUPS = 4;

  private final float[] x = random(1, N * HW * C, 3, 2);
  private final float[] gamma = random(2, C, 1, 1);
  private final float[] beta = random(3, C, 0, 1);
  private final float[] shift = random(4, N * C, 0, 5);

  @Test
  void normIsTheDefinition() {
    same(
        Graphs.run(
            tf -> GroupNorm.norm(net(tf), tf.constantOf(Floats.tensor(x, N, 2, 3, C)), GROUPS)),
        expected(x));
  }

  @Test
  void normSwishMultipliesByTheSigmoid() {
    same(
        Graphs.run(
            tf ->
                GroupNorm.normSwish(net(tf), tf.constantOf(Floats.tensor(x, N, 2, 3, C)), GROUPS)),
        swish(expected(x)));
  }

  @Test
  void aShiftIsAddedBeforeTheNorm() {
    float[] shifted = x.clone();
    for (int i = 0; i < x.length; i++) {
      shifted[i] += shift[i / (HW * C) * C + i % C];
    }
    same(
        Graphs.run(
            tf ->
                GroupNorm.normSwish(
                    net(tf),
                    tf.constantOf(Floats.tensor(x, N, 2, 3, C)),
                    tf.constantOf(Floats.tensor(shift, N, C)),
                    GROUPS)),
        swish(expected(shifted)));
  }

  private Net net(org.tensorflow.op.Ops tf) {
    return Net.inference(
        tf,
        new FrozenWeights(
            Map.of("gamma", Floats.tensor(gamma, C), "beta", Floats.tensor(beta, C))));
  }

  private double[] expected(float[] values) {
    double[] normed = new double[values.length];
    int width = C / GROUPS;
    for (int n = 0; n < N; n++) {
      for (int g = 0; g < GROUPS; g++) {
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < HW * width; i++) {
          sum += values[at(n, g, i)];
        }
        double mean = sum / (HW * width);
        for (int i = 0; i < HW * width; i++) {
          squares += Math.pow(values[at(n, g, i)] - mean, 2);
        }
        double deviation = Math.sqrt(squares / (HW * width) + 1e-6);
        for (int i = 0; i < HW * width; i++) {
          int c = g * width + i % width;
          normed[at(n, g, i)] = (values[at(n, g, i)] - mean) / deviation * gamma[c] + beta[c];
        }
      }
    }
    return normed;
  }

  private static int at(int n, int g, int i) {
    int width = C / GROUPS;
    return (n * HW + i / width) * C + g * width + i % width;
  }

  private static double[] swish(double[] values) {
    double[] result = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      result[i] = values[i] / (1 + Math.exp(-values[i]));
    }
    return result;
  }

  private static void same(float[] given, double[] expected) {
    assertEquals(expected.length, given.length);
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], given[i], 1e-4, "element " + i);
    }
  }

  private static float[] random(long seed, int size, double mean, double deviation) {
    Random random = new Random(seed);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) (mean + deviation * random.nextGaussian());
    }
    return values;
  }
}
