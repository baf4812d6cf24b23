package org.tfddpm.diffusion.schedule;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** On Gaussian data N(0, VARIANCE), where the best network is known. */
class LikelihoodSpacingTest {
  private static final double VARIANCE = 0.2;
  private static final Schedule SCHEDULE = LinearSchedule.of(10, 0.01, 0.5);
  private static final X0Variance C = new X0Variance(meanSquares());

  /** E epsilonHat^2 of the best epsilonHat, sqrt(1-alphaBar) x_t / Var(x_t). */
  private static double[] meanSquares() {
    double[] m = new double[SCHEDULE.steps()];
    for (int t = 0; t < m.length; t++) {
      m[t] = (1 - SCHEDULE.alphaBar(t)) / varianceOfX(t);
    }
    return m;
  }

  private static double varianceOfX(int t) {
    return SCHEDULE.alphaBar(t) * VARIANCE + 1 - SCHEDULE.alphaBar(t);
  }

  @Test
  void theVarianceOfX0IsThatOfJointGaussians() {
    for (int t = 0; t < SCHEDULE.steps(); t++) {
      double covariance = Math.sqrt(SCHEDULE.alphaBar(t)) * VARIANCE;
      double given = VARIANCE - covariance * covariance / varianceOfX(t);
      assertEquals(given, C.at(SCHEDULE, t), 1e-12);
    }
    assertEquals(0, C.at(SCHEDULE, -1));
  }

  @Test
  void theVarianceOfX0StaysInItsRange() {
    X0Variance wrong = new X0Variance(1.1, 0, -5);
    Schedule schedule = LinearSchedule.of(3, 0.3, 0.9);
    assertEquals(0, wrong.at(schedule, 0));
    // (1 - 0.28) / 0.28, clipped.
    assertEquals(1, wrong.at(schedule, 1));
    assertEquals(1, wrong.at(schedule, 2));
  }

  /** The mean over x_0 and x_t of the KL of two Gaussians, as Ho et al. print mean and variance. */
  @ParameterizedTest
  @EnumSource
  void aStepCostsItsKlDivergence(StepCost cost) {
    for (int t = 1; t < SCHEDULE.steps(); t++) {
      for (int s = 0; s < t; s++) {
        double alphaBar = SCHEDULE.alphaBar(t);
        double alphaBarPrev = SCHEDULE.alphaBar(s);
        double beta = 1 - alphaBar / alphaBarPrev;
        double betaTilde = (1 - alphaBarPrev) / (1 - alphaBar) * beta;
        double ofX0 = Math.sqrt(alphaBarPrev) * beta / (1 - alphaBar);
        double missed = ofX0 * ofX0 * C.at(SCHEDULE, t);
        double sigma2 =
            switch (cost) {
              case BETA -> beta;
              case BETA_TILDE -> betaTilde;
              case ANALYTIC -> betaTilde + missed;
            };
        double kl = 0.5 * (Math.log(sigma2 / betaTilde) + (betaTilde + missed) / sigma2 - 1);
        assertEquals(kl, cost.of(SCHEDULE, C, t, s), 1e-12, t + " to " + s);
      }
    }
  }

  /** Against all sub-sequences that there are. */
  @ParameterizedTest
  @EnumSource
  void noOtherStepsCostLess(StepCost cost) {
    for (int count = 2; count <= SCHEDULE.steps(); count++) {
      int[] tau = Spacing.likelihood(count, C, cost).timesteps(SCHEDULE);
      assertEquals(count, tau.length);
      assertEquals(0, tau[0]);
      assertEquals(SCHEDULE.steps() - 1, tau[count - 1]);
      double least = Double.POSITIVE_INFINITY;
      for (int chosen = 0; chosen < 1 << (SCHEDULE.steps() - 2); chosen++) {
        if (Integer.bitCount(chosen) == count - 2) {
          least = Math.min(least, sum(cost, withEnds(chosen, count)));
        }
      }
      assertEquals(least, sum(cost, tau), 1e-12, Arrays.toString(tau));
    }
  }

  @Test
  void oneStepIsTheNoisiest() {
    assertArrayEquals(new int[] {9}, Spacing.likelihood(1, C, StepCost.BETA).timesteps(SCHEDULE));
    Schedule single = LinearSchedule.of(1, 0.1, 0.1);
    assertArrayEquals(
        new int[] {0}, Spacing.likelihood(1, new X0Variance(0.5), StepCost.BETA).timesteps(single));
  }

  private static int[] withEnds(int chosen, int count) {
    int[] tau = new int[count];
    int at = 1;
    for (int t = 1; t < SCHEDULE.steps() - 1; t++) {
      if ((chosen >> (t - 1) & 1) == 1) {
        tau[at++] = t;
      }
    }
    tau[at] = SCHEDULE.steps() - 1;
    return tau;
  }

  private static double sum(StepCost cost, int[] tau) {
    double sum = 0;
    for (int i = 1; i < tau.length; i++) {
      sum += cost.of(SCHEDULE, C, tau[i], tau[i - 1]);
    }
    return sum;
  }
}
