package org.tfddpm.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.tensorflow.types.TFloat32;
import org.tfddpm.testing.Floats;
import org.tfddpm.testing.Graphs;

class DropoutTest {
  private static final float[] ONES = {1, 1, 1, 1};
  private static final float[] UNIFORM = {0f, 0.2499f, 0.25f, 0.99f};

  private final Dropout dropout =
      Dropout.by((tf, x) -> tf.constantOf(Floats.tensor(UNIFORM, UNIFORM.length)));

  @Test
  void dropsBelowTheRateAndScalesTheRest() {
    assertArrayEquals(new float[] {0, 0, 4f / 3, 4f / 3}, drop(dropout, ONES, 0.25), 1e-6f);
  }

  @Test
  void rateZeroAndInferenceLeaveTheInput() {
    assertArrayEquals(ONES, drop(dropout, ONES, 0));
    assertArrayEquals(ONES, drop(Dropout.NONE, ONES, 0.9));
  }

  @Test
  void theExpectationStays() {
    Dropout random =
        Dropout.by(
            (tf, x) ->
                tf.random.statelessRandomUniform(tf.shape(x), tf.array(1, 2), TFloat32.class));
    float[] many = new float[100_000];
    java.util.Arrays.fill(many, 1);
    double sum = 0;
    for (float value : drop(random, many, 0.3)) {
      sum += value;
    }
    // The variance of an element is rate/(1-rate).
    assertEquals(1, sum / many.length, 5 * Math.sqrt(0.3 / 0.7 / many.length));
  }

  private static float[] drop(Dropout dropout, float[] values, double rate) {
    return Graphs.run(
        tf -> dropout.drop(tf, tf.constantOf(Floats.tensor(values, values.length)), rate));
  }
}
