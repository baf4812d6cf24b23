package org.tfddpm.diffusion.sampler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tfddpm.diffusion.Coefficients;
import org.tfddpm.diffusion.Denoiser;
import org.tfddpm.diffusion.EpsilonPrediction;
import org.tfddpm.diffusion.Expr;
import org.tfddpm.diffusion.X0Prediction;
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
  private static final int START = 2560;
  private static final Schedule COSINE = CosineSchedule.of(STEPS);

  /** The solvers and the power of the step's size by which their error falls. */
  private enum Solver {
    DDIM(1, 20),
    HEUN(2, 20),
    DPMPP_2M(2, 20),
    // Its error comes down to what float32 holds sooner.
    DPMPP_3M(3, 10);

    private final int order;
    private final int steps;

    Solver(int order, int steps) {
      this.order = order;
      this.steps = steps;
    }

    Sampler sampler() {
      return switch (this) {
        case DDIM -> DdimSampler.DETERMINISTIC;
        case HEUN -> new HeunSampler(DdimSampler.DETERMINISTIC);
        case DPMPP_2M -> new DpmSolverSampler();
        case DPMPP_3M -> new DpmSolver3Sampler();
      };
    }
  }

  @ParameterizedTest
  @EnumSource
  void errorFallsWithItsPowerOfTheStepSize(Solver solver) {
    // In the middle, where the solution bends; the last step to x_0 itself is Euler's for all of
    // them. The steps before the first are known, so that the order is that of all other steps.
    double[] errors = new double[3];
    for (int i = 0; i < errors.length; i++) {
      int size = 1920 / (solver.steps << i);
      int[] t = new int[(solver.steps << i) + 3];
      for (int k = 0; k < t.length; k++) {
        t[k] = START - (k - 2) * size;
      }
      List<float[]> known = new ArrayList<>();
      for (int k = 0; k < 3; k++) {
        known.add(new float[] {(float) exact(-1, START, t[k]), (float) exact(1, START, t[k])});
      }
      float[] ends = chain(solver.sampler(), COSINE).run(known, t);
      for (int row = 0; row < 2; row++) {
        errors[i] += Math.abs(ends[row] - exact(2 * row - 1, START, t[t.length - 1]));
      }
    }
    // The slope of the regression line of log error on log step size: of three points at even
    // distances, that of the outer two.
    double power = Math.log(errors[0] / errors[2]) / Math.log(4);
    assertEquals(solver.order, power, 0.3, List.of(errors[0], errors[1], errors[2]).toString());
  }

  /** From pictures to noise; the errors are those of the way between the same time steps. */
  @ParameterizedTest
  @EnumSource(names = {"DDIM", "HEUN"})
  void upwardItFallsWithTheSamePower(Solver solver) {
    Sampler sampler =
        solver == Solver.DDIM ? DdimInversion.SAMPLER : new HeunSampler(DdimInversion.SAMPLER);
    double[] errors = new double[3];
    for (int i = 0; i < errors.length; i++) {
      int[] t = new int[(solver.steps << i) + 1];
      for (int k = 0; k < t.length; k++) {
        t[k] = START - 1920 + k * 1920 / (solver.steps << i);
      }
      float[] ends = chain(sampler, COSINE).run(new float[] {-1, 1}, t);
      for (int row = 0; row < 2; row++) {
        errors[i] += Math.abs(ends[row] - exact(2 * row - 1, t[0], START));
      }
    }
    double power = Math.log(errors[0] / errors[2]) / Math.log(4);
    assertEquals(solver.order, power, 0.3, List.of(errors[0], errors[1], errors[2]).toString());
  }

  /** The network was never asked about pictures without noise. */
  @Test
  void outOfThePictureHeunsStepIsEulers() {
    float[] start = {-1, 1};
    assertArrayEquals(
        chain(DdimInversion.SAMPLER, COSINE).run(start, -1, 800),
        chain(new HeunSampler(DdimInversion.SAMPLER), COSINE).run(start, -1, 800));
  }

  /** Also out of pure noise, where sigma is infinite and x tells nothing. */
  @ParameterizedTest
  @EnumSource
  void allStepsLeadToTheData(Solver solver) {
    for (Schedule schedule : List.of(CosineSchedule.of(1000), JsdSchedule.of(1000))) {
      int[] rising = Spacing.even(80).timesteps(schedule);
      int[] t = new int[rising.length + 1];
      for (int i = 0; i < rising.length; i++) {
        t[i] = rising[rising.length - 1 - i];
      }
      t[rising.length] = -1;
      float[] ends = chain(solver.sampler(), schedule).run(new float[] {-1, 1}, t);
      assertEquals(MEAN, (ends[0] + ends[1]) / 2, 0.02);
      assertEquals(Math.sqrt(VARIANCE), (ends[1] - ends[0]) / 2, 0.03);
    }
  }

  /** A step of third order would need what x0Hat was at an infinite lambda. */
  @Test
  void afterPureNoiseTheThirdStepIsOfSecondOrder() {
    Schedule schedule = JsdSchedule.of(10);
    float[] start = {-1, 1};
    float[] second = chain(new DpmSolverSampler(), schedule).run(start, 9, 7, 5, 3);
    assertArrayEquals(second, chain(new DpmSolver3Sampler(), schedule).run(start, 9, 7, 5, 3));
    float[] further = chain(new DpmSolverSampler(), schedule).run(start, 9, 7, 5, 3, 2);
    float[] third = chain(new DpmSolver3Sampler(), schedule).run(start, 9, 7, 5, 3, 2);
    assertTrue(Math.abs(further[0] - third[0]) > 1e-5);
  }

  /** Song et al. 2020, eq. 13, in the variables of Karras et al., with a network that bends. */
  @Test
  void ddimWithoutNoiseIsEulersMethodInSigma() {
    int[] t = {3000, 2400, 2000, 700, 30, -1};
    double x = 0.8;
    for (int i = 1; i < t.length; i++) {
      double epsilon = 0.9 * Math.sin(x + 0.001 * t[i - 1]);
      double scaled = x / Math.sqrt(COSINE.alphaBar(t[i - 1]));
      scaled += (sigma(t[i]) - sigma(t[i - 1])) * epsilon;
      x = Math.sqrt(COSINE.alphaBar(t[i])) * scaled;
    }
    Denoiser denoiser =
        (now, at) -> {
          Ops tf = now.tf();
          Expr time = new Expr(tf, tf.dtypes.cast(at, TFloat32.class)).times(0.001).perImage();
          return new Expr(tf, tf.math.sin(now.plus(time))).times(0.9);
        };
    float[] given =
        new Chain(
                Churn.of(0, 5).before(DdimSampler.DETERMINISTIC),
                COSINE,
                new EpsilonPrediction(),
                q -> denoiser)
            .run(new float[] {0.8f}, t);
    assertEquals(1, given[0] / x, 2e-5);
  }

  private static double sigma(int t) {
    return Math.sqrt(COSINE.noiseToSignal(t));
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
        chain(new HeunSampler(DdimSampler.DETERMINISTIC), schedule)
            .run(new float[] {(float) Math.sqrt(1 / 5.0)}, 1, 0);
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

  private static Chain chain(Sampler sampler, Schedule schedule) {
    return new Chain(
        sampler, schedule, new X0Prediction(), q -> (x, at) -> bestX0(q.coefficients(), x, at));
  }

  private static Expr bestX0(Coefficients at, Expr x, Operand<TInt32> t) {
    Expr variance = at.alphaBar(t).times(VARIANCE).plus(at.oneMinusAlphaBar(t));
    Expr fromMean = x.minus(at.sqrtAlphaBar(t).times(MEAN)).over(variance);
    return at.sqrtAlphaBar(t).times(VARIANCE).times(fromMean).plus(MEAN);
  }
}
