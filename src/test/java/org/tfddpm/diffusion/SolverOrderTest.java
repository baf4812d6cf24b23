package org.tfddpm.diffusion;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tensorflow.Operand;
import org.tensorflow.types.TInt32;
import org.tfddpm.diffusion.schedule.CosineSchedule;
import org.tfddpm.diffusion.schedule.JsdSchedule;
import org.tfddpm.diffusion.schedule.Schedule;
import org.tfddpm.diffusion.schedule.Spacing;

/**
 * Solvers of the probability-flow ODE where its solution is known: for x_0 ~ N(m, s^2), (x_t -
 * sqrt(alphaBar_t) m) / sqrt(alphaBar_t s^2 + 1 - alphaBar_t) stays what it is.
 */
class SolverOrderTest {
  private static final double MEAN = 0.3;
  private static final double VARIANCE = 0.25;
  private static final int STEPS = 4000;
  private static final Schedule COSINE = CosineSchedule.of(STEPS);

  /** The solvers and the power of the step's size by which their error falls. */
  private enum Solver {
    DDIM(1),
    HEUN(2),
    DPMPP_2M(2);

    private final int order;

    Solver(int order) {
      this.order = order;
    }

    Sampler sampler() {
      return switch (this) {
        case DDIM -> DdimSampler.DETERMINISTIC;
        case HEUN -> new HeunSampler();
        case DPMPP_2M -> new DpmSolverSampler();
      };
    }
  }

  @ParameterizedTest
  @EnumSource
  void errorFallsWithItsPowerOfTheStepSize(Solver solver) {
    // From the middle to near the image, where the solution bends; the last step to x_0 itself is
    // Euler's for all of them.
    double[] errors = new double[3];
    for (int i = 0; i < errors.length; i++) {
      int[] t = new int[(20 << i) + 1];
      for (int k = 0; k < t.length; k++) {
        t[k] = 3000 - k * (2560 / (20 << i));
      }
      float[] ends = solve(solver.sampler(), COSINE, new float[] {-1, 1}, t);
      for (int row = 0; row < 2; row++) {
        errors[i] += Math.abs(ends[row] - exact(2 * row - 1, 3000, t[t.length - 1]));
      }
    }
    for (int i = 0; i < 2; i++) {
      double power = Math.log(errors[i] / errors[i + 1]) / Math.log(2);
      assertEquals(solver.order, power, 0.35, List.of(errors[0], errors[1], errors[2]).toString());
    }
  }

  /** Also out of pure noise, where sigma is infinite and x tells nothing. */
  @ParameterizedTest
  @EnumSource
  void allStepsLeadToTheData(Solver solver) {
    for (Schedule schedule : List.of(CosineSchedule.of(1000), JsdSchedule.of(1000))) {
      int[] rising = Spacing.EVEN.timesteps(1000, 80);
      int[] t = new int[rising.length + 1];
      for (int i = 0; i < rising.length; i++) {
        t[i] = rising[rising.length - 1 - i];
      }
      t[rising.length] = -1;
      float[] ends = solve(solver.sampler(), schedule, new float[] {-1, 1}, t);
      assertEquals(MEAN, (ends[0] + ends[1]) / 2, 0.02);
      assertEquals(Math.sqrt(VARIANCE), (ends[1] - ends[0]) / 2, 0.03);
    }
  }

  @Test
  void heunIsEulerCorrectedByTheOtherSlope() {
    // sigma 2 to 1 in the variables of Karras et al., for x/sqrt(alphaBar) = 1.
    Schedule schedule = Schedule.ofAlphaBars(new double[] {1 / 2.0, 1 / 5.0});
    double slope = 2 * (1 - MEAN) / (VARIANCE + 4);
    double euler = 1 - slope;
    double other = (euler - MEAN) / (VARIANCE + 1);
    double heun = 1 - (slope + other) / 2;
    float[] given =
        solve(new HeunSampler(), schedule, new float[] {(float) Math.sqrt(1 / 5.0)}, 1, 0);
    assertEquals(Math.sqrt(1 / 2.0) * heun, given[0], 1e-6);
  }

  private static double exact(double x, int from, int to) {
    double scale = Math.sqrt(variance(COSINE, to) / variance(COSINE, from));
    return Math.sqrt(COSINE.alphaBar(to)) * MEAN
        + scale * (x - Math.sqrt(COSINE.alphaBar(from)) * MEAN);
  }

  private static double variance(Schedule schedule, int t) {
    return schedule.alphaBar(t) * VARIANCE + 1 - schedule.alphaBar(t);
  }

  /** Goes through the time steps t, falling; for each start where it ends. */
  private static float[] solve(Sampler sampler, Schedule schedule, float[] start, int... t) {
    return Chain.run(
        sampler,
        schedule,
        new X0Prediction(),
        q -> (x, at) -> bestX0(q.coefficients(), x, at),
        start,
        t);
  }

  private static Expr bestX0(Coefficients at, Expr x, Operand<TInt32> t) {
    Expr variance = at.alphaBar(t).times(VARIANCE).plus(at.oneMinusAlphaBar(t));
    Expr fromMean = x.minus(at.sqrtAlphaBar(t).times(MEAN)).over(variance);
    return at.sqrtAlphaBar(t).times(VARIANCE).times(fromMean).plus(MEAN);
  }
}
