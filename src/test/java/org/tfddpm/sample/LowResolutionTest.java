package org.tfddpm.sample;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.tfddpm.diffusion.Expr;
import org.tfddpm.diffusion.UpsamplingDenoiser;
import org.tfddpm.model.Model;
import org.tfddpm.testing.Floats;
import org.tfddpm.testing.Graphs;
import org.tfddpm.testing.TestSpecs;

class LowResolutionTest {
  @Test
  void isWhatTrainingShowsTheNetwork() {
    Model model =
        Model.of(
            TestSpecs.tiny(
                "condition.upsampling=4", "image.height=8", "image.width=16", "image.channels=3"));
    float[] images = new float[2 * 8 * 16 * 3];
    Random random = new Random(3);
    for (int i = 0; i < images.length; i++) {
      images[i] = random.nextFloat();
    }
    float[] expected =
        Graphs.run(
            tf ->
                UpsamplingDenoiser.low(
                    new Expr(tf, tf.constantOf(Floats.tensor(images, 2, 8, 16, 3))), 4));
    List<float[]> low = LowResolution.of(images, model);
    assertEquals(2, low.size());
    int size = 2 * 4 * 3;
    for (int i = 0; i < 2; i++) {
      assertArrayEquals(Arrays.copyOfRange(expected, i * size, (i + 1) * size), low.get(i), 1e-6f);
    }
  }
}
