package org.tfddpm.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.tfddpm.diffusion.schedule.JsdSchedule;
import org.tfddpm.diffusion.schedule.LinearSchedule;
import org.tfddpm.diffusion.schedule.Schedule;
import org.tfddpm.diffusion.schedule.Spacing;

/** On Gaussian data of three dimensions, where the field and its density are known. */
class ProbabilityFlowTest {
  private static final Schedule SCHEDULE = LinearSchedule.of(1000, 1e-4, 0.02);
  private static final double[] MEAN = {0.3, -0.5, 0};
  private static final double[] DEVIATION = {0.4, 0.05, 1};
  private static final float[] X = {0.1f, -0.45f, 0.3f, 0.9f, -0.6f, -1.2f};

  /** epsilonHat = sqrt(1-alphaBar) (x - sqrt(alphaBar) mean) / Var(x_t), and its divergence. */
  private static ProbabilityFlow.Look best(float[] x, int t) {
    double alphaBar = SCHEDULE.alphaBar(t);
    float[] epsilon = new float[x.length];
    float[] divergence = new float[x.length / 3];
    for (int i = 0; i < x.length; i++) {
      double slope = Math.sqrt(1 - alphaBar) / variance(t, i % 3);
      epsilon[i] = (float) (slope * (x[i] - Math.sqrt(alphaBar) * MEAN[i % 3]));
      divergence[i / 3] += (float) slope;
    }
    return new ProbabilityFlow.Look(epsilon, divergence);
  }

  private static double variance(int t, int dimension) {
    double alphaBar = SCHEDULE.alphaBar(t);
    return alphaBar * DEVIATION[dimension] * DEVIATION[dimension] + 1 - alphaBar;
  }

  private static double exact(int row, int t) {
    double log = 0;
    for (int i = 0; i < 3; i++) {
      double off = X[3 * row + i] - Math.sqrt(SCHEDULE.alphaBar(t)) * MEAN[i];
      log -= (Math.log(2 * Math.PI * variance(t, i)) + off * off / variance(t, i)) / 2;
    }
    return log;
  }

  private static double[] given(int[] tau) {
    return new ProbabilityFlow(SCHEDULE, ProbabilityFlowTest::best).logDensity(X, 2, tau);
  }

  @Test
  void isTheExactDensity() {
    double[] log = given(Spacing.karras(300).timesteps(SCHEDULE));
    // Three dimensions; sigma grows by half from t = 0 to 1, and no step is shorter.
    assertEquals(exact(0, 0), log[0], 0.01);
    assertEquals(exact(1, 0), log[1], 0.01);
  }

  @Test
  void isThatOfTheStepItBeginsAt() {
    int[] tau = new int[800];
    for (int i = 0; i < tau.length; i++) {
      tau[i] = 200 + i;
    }
    assertEquals(exact(0, 200), given(tau)[0], 1e-3);
  }

  /** Twice as many steps, a quarter of the error. */
  @Test
  void isOfSecondOrder() {
    double[] off = new double[3];
    for (int i = 0; i < 3; i++) {
      // From t = 100 on, where steps of a time step each are short.
      int steps = 12 << i;
      int[] tau = new int[steps + 1];
      for (int s = 0; s <= steps; s++) {
        tau[s] = 100 + 864 * s / steps;
      }
      int[] all = new int[865];
      for (int s = 0; s < all.length; s++) {
        all[s] = 100 + s;
      }
      off[i] = Math.abs(given(tau)[1] - given(all)[1]);
    }
    assertEquals(2, Math.log(off[0] / off[1]) / Math.log(2), 0.35);
    assertEquals(2, Math.log(off[1] / off[2]) / Math.log(2), 0.35);
  }

  @Test
  void refusesASigmaThatIsInfinite() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new ProbabilityFlow(JsdSchedule.of(10), ProbabilityFlowTest::best));
  }
}
