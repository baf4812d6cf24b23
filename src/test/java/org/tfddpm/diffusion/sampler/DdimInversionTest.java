package org.tfddpm.diffusion.sampler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.tensorflow.Operand;
import org.tensorflow.types.TInt32;
import org.tfddpm.diffusion.Coefficients;
import org.tfddpm.diffusion.EpsilonPrediction;
import org.tfddpm.diffusion.Expr;
import org.tfddpm.diffusion.schedule.LinearSchedule;
import org.tfddpm.diffusion.schedule.Schedule;
import org.tfddpm.diffusion.schedule.Spacing;

/**
 * From numbers to noise and back where the best network is known: for x_0 ~ N(0, s^2) it tells
 * sqrt(1-alphaBar) x / v_t with v_t = alphaBar s^2 + 1 - alphaBar, and the probability-flow ODE
 * leads from x_0 to sqrt(v_t) x_0 / s.
 */
class DdimInversionTest {
  private static final double DEVIATION = 0.5;
  private static final Schedule SCHEDULE = LinearSchedule.of(1000, 1e-4, 0.02);
  private static final float[] START = {-1, 0.25f, 0.8f};

  @Test
  void itsStepsAreThoseOfTheEquation() {
    int[] up = {-1, 30, 31, 400, 990};
    float[] given = chain().run(START, up);
    for (int i = 0; i < START.length; i++) {
      double x = START[i];
      for (int s = 1; s < up.length; s++) {
        int asked = s == 1 ? up[1] : up[s - 1];
        double epsilon = Math.sqrt(1 - SCHEDULE.alphaBar(asked)) * x / variance(asked);
        double alphaBar = SCHEDULE.alphaBar(up[s - 1]);
        double x0 = (x - Math.sqrt(1 - alphaBar) * epsilon) / Math.sqrt(alphaBar);
        double next = SCHEDULE.alphaBar(up[s]);
        x = Math.sqrt(next) * x0 + Math.sqrt(1 - next) * epsilon;
      }
      assertEquals(x, given[i], 1e-4 * Math.abs(x));
    }
  }

  /** Euler's method is of the first order: twice the steps, about half the error. */
  @Test
  void comesNearTheOdeAndBack() {
    double[] there = new double[3];
    double[] back = new double[3];
    for (int i = 0; i < 3; i++) {
      int[] tau = Spacing.even(25 << i).timesteps(SCHEDULE);
      int[] up = new int[tau.length + 1];
      int[] down = new int[tau.length + 1];
      up[0] = -1;
      down[tau.length] = -1;
      for (int s = 0; s < tau.length; s++) {
        up[s + 1] = tau[s];
        down[tau.length - 1 - s] = tau[s];
      }
      float[] noise = chain().run(START, up);
      there[i] = Math.abs(noise[0] / (START[0] * Math.sqrt(variance(999)) / DEVIATION) - 1);
      back[i] = Math.abs(chain().run(noise, down)[0] / START[0] - 1);
    }
    assertTrue(there[2] < 0.03, () -> "misses the ODE by " + there[2]);
    assertTrue(back[2] < 0.07, () -> "misses the picture by " + back[2]);
    for (int i = 1; i < 3; i++) {
      assertEquals(0.5, there[i] / there[i - 1], 0.1);
      assertEquals(0.5, back[i] / back[i - 1], 0.1);
    }
  }

  private static Chain chain() {
    return new Chain(
        DdimInversion.SAMPLER,
        SCHEDULE,
        new EpsilonPrediction(),
        q -> (x, t) -> best(q.coefficients(), x, t));
  }

  private static Expr best(Coefficients at, Expr x, Operand<TInt32> t) {
    Expr variance = at.alphaBar(t).times(DEVIATION * DEVIATION).plus(at.oneMinusAlphaBar(t));
    return x.times(at.sqrtOneMinusAlphaBar(t)).over(variance);
  }

  private static double variance(int t) {
    double alphaBar = SCHEDULE.alphaBar(t);
    return alphaBar * DEVIATION * DEVIATION + 1 - alphaBar;
  }
}
