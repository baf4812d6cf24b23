package org.tfddpm.diffusion.sampler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.tensorflow.op.Ops;
import org.tfddpm.diffusion.Coefficients;
import org.tfddpm.diffusion.Doubles;
import org.tfddpm.diffusion.EpsilonPrediction;
import org.tfddpm.diffusion.Expr;
import org.tfddpm.diffusion.ForwardProcess;
import org.tfddpm.diffusion.ReverseProcess;
import org.tfddpm.diffusion.ReverseVariance;
import org.tfddpm.diffusion.schedule.JsdSchedule;
import org.tfddpm.diffusion.schedule.LinearSchedule;
import org.tfddpm.diffusion.schedule.Schedule;
import org.tfddpm.testing.Floats;
import org.tfddpm.testing.Graphs;

/** Steps of Langevin dynamics against the printed equations in double. */
class LangevinTest {
  private static final Schedule SCHEDULE = LinearSchedule.of(1000, 1e-4, 0.02);
  private static final Doubles EXACT = new Doubles(SCHEDULE);

  /** Three images of two values each. */
  private static final float[] X = {0.5f, -1, 0.1f, 0.9f, -0.4f, 2};

  private static final float[] EPSILON = {1, -0.5f, 0.3f, -0.2f, 3, 1};
  private static final float[] Z = {0.7f, -2, 0.1f, 0.4f, 1, 1};

  @Test
  void annealedStepsHaveTheLengthOfTheNoise() {
    int[] t = {999, 500, 3};
    float[] given = run(new AnnealedLangevinSampler(0.22), SCHEDULE, t, new int[] {999, 400, 0});
    for (int i = 0; i < X.length; i++) {
      int at = t[i / 2];
      // Song & Ermon 2019, algorithm 1, with their epsilon and sigma_L and the factor alpha.
      double epsilon = Math.pow(2 * 0.22 * 0.01, 2);
      double variance = 1 - EXACT.alphaBar(at);
      double step = epsilon * variance / Math.pow(0.01, 2) * (1 - SCHEDULE.beta(at));
      double score = -EPSILON[i] / Math.sqrt(variance);
      assertEquals(X[i] + step / 2 * score + Math.sqrt(step) * Z[i], given[i], 1e-6);
    }
  }

  @Test
  void theLastAnnealedStepIsTheImageToExpect() {
    int[] t = {40, 500, 0};
    float[] given = run(new AnnealedLangevinSampler(0.22), SCHEDULE, t, new int[] {-1, -1, -1});
    for (int i = 0; i < X.length; i++) {
      assertEquals(EXACT.x0(X[i], t[i / 2], EPSILON[i]), given[i], 1e-5);
    }
  }

  @Test
  void theCorrectorsStepsHaveTheRatioAskedForInEachImage() {
    int[] t = {999, 500, 3};
    double snr = 0.16;
    float[] given = run(corrected(snr), SCHEDULE, t, t);
    for (int i = 0; i < X.length; i++) {
      int row = i / 2;
      double noise = Math.sqrt(1 - EXACT.alphaBar(t[row]));
      // Song et al. 2021, algorithm 5.
      double normOfG = Math.hypot(EPSILON[2 * row] / noise, EPSILON[2 * row + 1] / noise);
      double normOfZ = Math.hypot(Z[2 * row], Z[2 * row + 1]);
      double step = 2 * (1 - SCHEDULE.beta(t[row])) * Math.pow(snr * normOfZ / normOfG, 2);
      double expected = X[i] - step * EPSILON[i] / noise + Math.sqrt(2 * step) * Z[i];
      assertEquals(expected, given[i], 1e-6);
    }
  }

  @Test
  void stepsToAnotherLevelAreThePredictors() {
    int[] t = {999, 500, 3};
    int[] tPrev = {900, 499, -1};
    float[] given = run(corrected(0.16), SCHEDULE, t, tPrev);
    float[] alone = run(Chain.ancestral(ReverseVariance.BETA), SCHEDULE, t, tPrev);
    for (int i = 0; i < X.length; i++) {
      assertEquals(alone[i], given[i]);
    }
  }

  /** Rows at several levels in one batch: some stay, others go on. */
  @Test
  void rowsStayAndGoEachForItself() {
    int[] t = {999, 500, 3};
    float[] mixed = run(corrected(0.16), SCHEDULE, t, new int[] {999, 400, 3});
    float[] stay = run(corrected(0.16), SCHEDULE, t, t);
    float[] go = run(corrected(0.16), SCHEDULE, t, new int[] {900, 400, 0});
    for (int i = 0; i < X.length; i++) {
      assertEquals((i / 2 == 1 ? go : stay)[i], mixed[i]);
    }
  }

  /** There alpha is 0, and with it the step: nothing is to be known of the image yet. */
  @Test
  void pureNoiseStaysWhatItIs() {
    Schedule jsd = JsdSchedule.of(10);
    int[] t = {9, 9, 9};
    for (Sampler sampler : new Sampler[] {corrected(0.16), new AnnealedLangevinSampler(0.22)}) {
      float[] given = run(sampler, jsd, t, t);
      for (int i = 0; i < X.length; i++) {
        assertEquals(X[i], given[i]);
      }
    }
  }

  private static Sampler corrected(double snr) {
    return new PredictorCorrectorSampler(Chain.ancestral(ReverseVariance.BETA), snr);
  }

  /** A step with a network that stands for EPSILON. */
  private static float[] run(Sampler sampler, Schedule schedule, int[] t, int[] tPrev) {
    return Graphs.run(
        tf -> {
          ForwardProcess q = new ForwardProcess(new Coefficients(tf, schedule));
          ReverseProcess p =
              new ReverseProcess(
                  q, new EpsilonPrediction(), ReverseVariance.BETA, (x, at) -> images(tf, EPSILON));
          Sampler.Step step =
              new Sampler.Step(tf.constant(t), tf.constant(tPrev), () -> images(tf, Z));
          return sampler.step(p, images(tf, X), step).xPrev();
        });
  }

  private static Expr images(Ops tf, float[] values) {
    return new Expr(tf, tf.constantOf(Floats.tensor(values, 3, 1, 2, 1)));
  }
}
