package org.tfddpm.diffusion;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tfddpm.diffusion.sampler.Chain;
import org.tfddpm.diffusion.sampler.DdimSampler;
import org.tfddpm.diffusion.schedule.LinearSchedule;
import org.tfddpm.diffusion.schedule.Schedule;
import org.tfddpm.diffusion.schedule.Spacing;
import org.tfddpm.testing.Floats;
import org.tfddpm.testing.Graphs;

class ClassifierFreeGuidanceTest {
  private static final Schedule SCHEDULE = LinearSchedule.of(1000, 1e-4, 0.02);

  /** Data of a label is N(CENTRE, DEVIATION^2), all data N(0, DEVIATION^2). */
  private static final double CENTRE = 0.3;

  private static final double DEVIATION = 0.2;

  /** One image a row with three weights: its output with the label, then without. */
  @Test
  void outputIsThatOfThePaper() {
    float[] with = {1, 2, 3, 4, 5, 6};
    float[] without = {0, 1, 5, 4, 4, 8};
    float[] w = {0, 1, 2.5f};
    float[] given = guide(with, without, w, 0);
    for (int i = 0; i < 6; i++) {
      double weight = w[i / 2];
      assertEquals((1 + weight) * with[i] - weight * without[i], given[i], 1e-5);
    }
  }

  /** A rescale of 1 gives the guided output the deviation of the labelled one. */
  @Test
  void rescalingKeepsTheDeviation() {
    float[] with = {1, 2, 3, 4, 5, 6};
    float[] without = {0, 5, 5, 4, 4, 8};
    float[] w = {1, 2, 3};
    float[] plain = guide(with, without, w, 0);
    float[] whole = guide(with, without, w, 1);
    float[] half = guide(with, without, w, 0.5);
    for (int row = 0; row < 3; row++) {
      assertEquals(
          Math.abs(with[2 * row] - with[2 * row + 1]),
          Math.abs(whole[2 * row] - whole[2 * row + 1]),
          1e-5);
      for (int i = 2 * row; i < 2 * row + 2; i++) {
        assertEquals((plain[i] + whole[i]) / 2, half[i], 1e-5);
      }
    }
  }

  @Test
  void aLearnedVarianceIsTheLabelledOnes() {
    float[] given =
        Graphs.run(
            tf -> {
              // Two rows of one pixel, one channel and its variance.
              Expr output = images(tf, new float[] {1, 7, 2, 8, 0, 9, 0, 9}, 4, 1, 2);
              return new ClassifierFreeGuidance((x, t) -> output, rows(tf, 1, 1), 0, 1)
                  .predict(images(tf, new float[2], 2, 1, 1), tf.array(0, 0));
            });
    assertEquals(2, given[0], 1e-6);
    assertEquals(7, given[1], 1e-6);
    assertEquals(4, given[2], 1e-6);
    assertEquals(8, given[3], 1e-6);
  }

  /**
   * p(x|label)^(1+w) p(x)^-w of two Gaussians of one deviation is a Gaussian of that deviation
   * around (1+w) CENTRE, and so is each of their noisy states: guidance reaches it exactly.
   */
  @Test
  void samplesFollowTheTiltedDistribution() {
    float[] start = {-1, 0, 1, -1, 0, 1};
    float[] w = {0, 0, 0, 1.5f, 1.5f, 1.5f};
    int[] tau = Spacing.uniform(250).timesteps(SCHEDULE);
    int[] path = new int[tau.length + 1];
    for (int i = 0; i < tau.length; i++) {
      path[i] = tau[tau.length - 1 - i];
    }
    path[tau.length] = -1;
    float[] samples =
        new Chain(
                DdimSampler.DETERMINISTIC,
                SCHEDULE,
                new EpsilonPrediction(),
                q ->
                    (x, t) ->
                        new ClassifierFreeGuidance(
                                (both, ts) -> best(q, both, ts), rows(x.tf(), w), 0, 1)
                            .predict(x, t))
            .run(start, path);
    for (int row = 0; row < 6; row++) {
      double centre = (1 + w[row]) * CENTRE;
      assertEquals(centre + DEVIATION * start[row], samples[row], 0.01);
    }
  }

  /** The best epsilon for the first half of the rows as labelled, for the second as any data. */
  private static Expr best(ForwardProcess q, Expr x, Operand<TInt32> t) {
    Ops tf = x.tf();
    Coefficients at = q.coefficients();
    int rows = (int) x.shape().get(0);
    float[] centres = new float[rows];
    java.util.Arrays.fill(centres, 0, rows / 2, (float) CENTRE);
    Expr centre = rows(tf, centres).perImage();
    Expr variance = at.alphaBar(t).times(DEVIATION * DEVIATION).plus(at.oneMinusAlphaBar(t));
    return x.minus(at.sqrtAlphaBar(t).times(centre))
        .times(at.sqrtOneMinusAlphaBar(t))
        .over(variance);
  }

  /** Three images of two pixels each. */
  private static float[] guide(float[] with, float[] without, float[] w, double rescale) {
    return Graphs.run(
        tf -> {
          float[] both = new float[12];
          System.arraycopy(with, 0, both, 0, 6);
          System.arraycopy(without, 0, both, 6, 6);
          Expr output = images(tf, both, 6, 2, 1);
          return new ClassifierFreeGuidance((x, t) -> output, rows(tf, w), rescale, 1)
              .predict(images(tf, new float[6], 3, 2, 1), tf.array(0, 0, 0));
        });
  }

  private static Expr rows(Ops tf, float... values) {
    return new Expr(tf, tf.constant(values));
  }

  private static Expr images(Ops tf, float[] values, int rows, int width, int channels) {
    return new Expr(tf, tf.constantOf(Floats.tensor(values, rows, 1, width, channels)));
  }
}
