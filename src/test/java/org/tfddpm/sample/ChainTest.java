package org.tfddpm.sample;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tfddpm.diffusion.Coefficients;
import org.tfddpm.diffusion.Expr;
import org.tfddpm.diffusion.ForwardProcess;
import org.tfddpm.diffusion.schedule.LinearSchedule;
import org.tfddpm.diffusion.schedule.Schedule;
import org.tfddpm.spec.GraphSpec;
import org.tfddpm.testing.Graphs;

class ChainTest {
  private static final GraphSpec.Image SIZE =
      GraphSpec.Image.newBuilder().setHeight(1).setWidth(2).setChannels(1).build();

  /** Half of four time steps: from the second one down, the picture under its noise. */
  @Test
  void beginsWithThePictureUnderTheNoiseOfTheFirstTimeStep() {
    Schedule schedule = LinearSchedule.of(100, 1e-4, 0.02);
    float[] picture = {-0.5f, 0.75f};
    float[] noise = {1, -2, 0.5f, 0};
    Chain chain = Chain.fromImage(picture, SIZE, new int[] {0, 40, 60, 99}, 0.5);
    assertArrayEquals(new int[] {40, 0, -1}, chain.timeSteps());
    float[] given =
        Graphs.run(
            tf ->
                chain
                    .start()
                    .x(
                        new ForwardProcess(new Coefficients(tf, schedule)),
                        new Expr(tf, tf.constant(Shape.of(2, 1, 2, 1), DataBuffers.of(noise)))));
    for (int i = 0; i < 4; i++) {
      double alphaBar = schedule.alphaBar(40);
      double expected = Math.sqrt(alphaBar) * picture[i % 2] + Math.sqrt(1 - alphaBar) * noise[i];
      assertEquals(expected, given[i], 1e-6);
    }
  }
}
