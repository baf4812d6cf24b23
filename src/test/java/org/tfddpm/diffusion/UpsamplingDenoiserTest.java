package org.tfddpm.diffusion;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.tensorflow.op.Ops;
import org.tfddpm.testing.Floats;
import org.tfddpm.testing.Graphs;

class UpsamplingDenoiserTest {
  private static Expr images(Ops tf, float[] values, int height, int width) {
    return new Expr(tf, tf.constantOf(Floats.tensor(values, 1, height, width, 1)));
  }

  @Test
  void theLowResolutionImageIsTheMeanOfPixels() {
    float[] values = new float[4 * 8];
    for (int i = 0; i < values.length; i++) {
      values[i] = i * i;
    }
    float[] low = Graphs.run(tf -> UpsamplingDenoiser.low(images(tf, values, 4, 8), 2));
    assertEquals(2 * 4, low.length);
    for (int y = 0; y < 2; y++) {
      for (int x = 0; x < 4; x++) {
        float mean = 0;
        for (int i = 0; i < 4; i++) {
          mean += values[(2 * y + i / 2) * 8 + 2 * x + i % 2] / 4;
        }
        assertEquals(mean, low[y * 4 + x], 1e-4);
      }
    }
  }

  /** Beside x, channel by channel; centres of pixels are at halves, and edges go on. */
  @Test
  void theNetworkSeesItScaledUp() {
    float[] x = {1, 2, 3, 4, 5, 6, 7, 8};
    float[] both =
        Graphs.run(
            tf ->
                new UpsamplingDenoiser((seen, t) -> seen, images(tf, new float[] {0, 8}, 1, 2))
                    .predict(images(tf, x, 2, 4), tf.array(0)));
    float[] expected = new float[16];
    float[] large = {0, 2, 6, 8, 0, 2, 6, 8};
    for (int i = 0; i < 8; i++) {
      expected[2 * i] = x[i];
      expected[2 * i + 1] = large[i];
    }
    assertArrayEquals(expected, both, 1e-6f);
  }
}
