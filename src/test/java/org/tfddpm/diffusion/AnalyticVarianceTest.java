package org.tfddpm.diffusion;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tfddpm.diffusion.schedule.LinearSchedule;
import org.tfddpm.diffusion.schedule.Schedule;
import org.tfddpm.diffusion.schedule.X0Variance;
import org.tfddpm.testing.Graphs;

/** On Gaussian data N(0, DEVIATION^2), where the true reverse process is known. */
class AnalyticVarianceTest {
  private static final Schedule SCHEDULE = LinearSchedule.of(1000, 1e-4, 0.02);
  private static final Doubles EXACT = new Doubles(SCHEDULE);
  private static final double DEVIATION = 0.3;
  private static final int[] T = {999, 999, 700, 500, 100, 10, 1, 400};
  private static final int[] T_PREV = {998, 500, 699, 0, 50, 9, 0, -1};

  /** The variance of q(x_tPrev|x_t) with x_0 integrated out: of two jointly Gaussian numbers. */
  @Test
  void isTheVarianceOfTheTrueReverseProcess() {
    float[] given = variances(AnalyticVariance.forLikelihood(new X0Variance(meanSquares())), 1);
    for (int i = 0; i < T.length; i++) {
      double alphaBar = EXACT.alphaBar(T[i]);
      double alphaBarPrev = EXACT.alphaBar(T_PREV[i]);
      double ofX = alphaBar * DEVIATION * DEVIATION + 1 - alphaBar;
      double ofXPrev = alphaBarPrev * DEVIATION * DEVIATION + 1 - alphaBarPrev;
      double covariance = Math.sqrt(alphaBar / alphaBarPrev) * ofXPrev;
      double expected = ofXPrev - covariance * covariance / ofX;
      assertEquals(1, given[i] / expected, 2e-4, "t " + T[i] + " tPrev " + T_PREV[i]);
    }
  }

  /** With the equation as the paper prints it. */
  @ParameterizedTest
  @ValueSource(doubles = {0, 0.5, 1})
  void isTheEquationOfThePaper(double eta) {
    double[] m = meanSquares();
    float[] given = variances(AnalyticVariance.forLikelihood(new X0Variance(m)), eta);
    for (int i = 0; i < T.length; i++) {
      double alpha = EXACT.alphaBar(T[i]) / EXACT.alphaBar(T_PREV[i]);
      double betaBar = 1 - EXACT.alphaBar(T[i]);
      double betaBarPrev = 1 - EXACT.alphaBar(T_PREV[i]);
      double lambda = EXACT.sigma(T[i], T_PREV[i], eta);
      double apart =
          Math.sqrt(betaBar / alpha) - Math.sqrt(Math.max(0, betaBarPrev - lambda * lambda));
      double expected = lambda * lambda + apart * apart * (1 - m[T[i]]);
      assertEquals(1, given[i] / expected, 5e-4, "t " + T[i] + " tPrev " + T_PREV[i]);
    }
  }

  /** Whatever was estimated: between betaTilde and what images in [-1,1] can have. */
  @Test
  void staysWithinItsBounds() {
    double[] tooMuch = new double[1000];
    java.util.Arrays.fill(tooMuch, 1.1);
    float[] least = variances(AnalyticVariance.forLikelihood(new X0Variance(tooMuch)), 1);
    float[] most = variances(AnalyticVariance.forLikelihood(new X0Variance(new double[1000])), 1);
    for (int i = 0; i < T.length; i++) {
      double tilde = EXACT.betaTilde(T[i], T_PREV[i]);
      assertEquals(tilde, least[i], 1e-4 * tilde);
      double weight =
          Math.sqrt(EXACT.alphaBar(T_PREV[i]))
              * EXACT.beta(T[i], T_PREV[i])
              / (1 - EXACT.alphaBar(T[i]));
      double ofX0 = Math.min(1, SCHEDULE.noiseToSignal(T[i]));
      assertEquals(1, most[i] / (tilde + weight * weight * ofX0), 1e-3);
    }
  }

  /**
   * E|sigma z| of the step to t = 0 is two of 255 levels of [-1,1]; other steps are as they are.
   */
  @Test
  void samplesHaveNoVisibleNoiseInTheEnd() {
    float[] plain = variances(AnalyticVariance.forLikelihood(new X0Variance(new double[1000])), 1);
    float[] clipped = variances(AnalyticVariance.forSamples(new X0Variance(new double[1000])), 1);
    double most = Math.PI / 2 * Math.pow(2 * 2 / 255.0, 2);
    for (int i = 0; i < T.length; i++) {
      double expected = T_PREV[i] == 0 ? Math.min(most, plain[i]) : plain[i];
      assertEquals(1, clipped[i] / expected, 1e-5);
    }
    assertEquals(most, clipped[3], 1e-8);
  }

  /** E epsilonHat^2 of the best network. */
  private static double[] meanSquares() {
    double[] m = new double[1000];
    for (int t = 0; t < 1000; t++) {
      double alphaBar = EXACT.alphaBar(t);
      m[t] = (1 - alphaBar) / (alphaBar * DEVIATION * DEVIATION + 1 - alphaBar);
    }
    return m;
  }

  private static float[] variances(AnalyticVariance variance, double eta) {
    return Graphs.run(
        tf ->
            variance.of(
                new ForwardProcess(new Coefficients(tf, SCHEDULE)),
                tf.constant(T),
                tf.constant(T_PREV),
                Expr.of(tf, eta)));
  }
}
