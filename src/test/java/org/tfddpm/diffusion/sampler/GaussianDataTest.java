package org.tfddpm.diffusion.sampler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tfddpm.diffusion.Coefficients;
import org.tfddpm.diffusion.Doubles;
import org.tfddpm.diffusion.EpsilonPrediction;
import org.tfddpm.diffusion.Expr;
import org.tfddpm.diffusion.ForwardProcess;
import org.tfddpm.diffusion.Prediction;
import org.tfddpm.diffusion.ReverseProcess;
import org.tfddpm.diffusion.ReverseVariance;
import org.tfddpm.diffusion.schedule.LinearSchedule;
import org.tfddpm.diffusion.schedule.Schedule;
import org.tfddpm.diffusion.schedule.Spacing;
import org.tfddpm.model.Model;
import org.tfddpm.spec.GraphSpec;
import org.tfddpm.testing.Floats;

/**
 * Samplers on data whose best network is known: for x_0 ~ N(m, s^2) the epsilon to expect at x_t is
 * sqrt(1-alphaBar) (x_t - sqrt(alphaBar) m) / (alphaBar s^2 + 1 - alphaBar). Every step is then an
 * affine function of x plus noise, so mean and deviation of the samples are known too, and come
 * near m and s when the steps are many.
 */
class GaussianDataTest {
  private static final double MEAN = 0.3;
  private static final double DEVIATION = 0.15;
  private static final int SAMPLES = 20_000;
  private static final Schedule SCHEDULE = LinearSchedule.of(1000, 1e-4, 0.02);
  private static final Doubles EXACT = new Doubles(SCHEDULE);

  /** A step on one number, in double: x, epsilon, t, tPrev, z. */
  private interface Exact {
    double step(double x, double epsilon, int t, int tPrev, double z);
  }

  /** What a step makes of mean and variance of the numbers. */
  private interface Moments {
    double[] step(double mean, double variance, int t, int tPrev);
  }

  @Test
  void ddimOfEveryEtaReachesTheData() {
    for (double eta : new double[] {0, 0.5, 1}) {
      reachesTheData(
          tf -> DdimSampler.withEta(Expr.of(tf, eta)),
          (x, e, t, p, z) -> EXACT.ddim(x, e, t, p, eta, z),
          Spacing.even(1000));
    }
    reachesTheData(
        tf -> DdimSampler.DETERMINISTIC,
        (x, e, t, p, z) -> EXACT.ddim(x, e, t, p, 0, z),
        Spacing.quadratic(100));
  }

  @Test
  void ancestralSamplingReachesTheDataWithEitherVariance() {
    reachesTheData(
        tf -> Chain.ancestral(ReverseVariance.BETA),
        (x, e, t, p, z) -> EXACT.ddpm(x, e, t, p, EXACT.beta(t, p), z),
        Spacing.uniform(1000));
    reachesTheData(
        tf -> Chain.ancestral(ReverseVariance.BETA_TILDE),
        (x, e, t, p, z) -> EXACT.ddpm(x, e, t, p, EXACT.betaTilde(t, p), z),
        Spacing.even(1000));
  }

  /**
   * With as much noise as is allowed, and with half of it. Steps from a raised level are longer:
   * Euler's method ends 7 and 10.5 % too narrow, Heun's within 0.2 %.
   */
  @Test
  void churnedSolversReachTheData() {
    for (double sChurn : new double[] {40, 1000}) {
      Churn churn = Churn.of(sChurn, 200);
      reachesTheData(
          tf -> churn.before(DdimSampler.DETERMINISTIC),
          (x, e, t, p, z) -> {
            int tHat = churn.raised(SCHEDULE, t);
            double raised = EXACT.raised(x, t, tHat, z);
            return EXACT.ddim(raised, bestEpsilon(raised, tHat), tHat, p, 0, 0);
          },
          0.11,
          Spacing.karras(200));
      reachesTheData(
          tf -> churn.before(new HeunSampler(DdimSampler.DETERMINISTIC)),
          (x, e, t, p, z) -> {
            int tHat = churn.raised(SCHEDULE, t);
            return heun(EXACT.raised(x, t, tHat, z), tHat, p);
          },
          0.005,
          Spacing.karras(200));
    }
  }

  /** Karras et al. 2022, algorithm 1, in their variables. */
  private static double heun(double x, int t, int tPrev) {
    double slope = bestEpsilon(x, t);
    double fall = EXACT.noise(tPrev) - EXACT.noise(t);
    double scaled = x / Math.sqrt(EXACT.alphaBar(t));
    double euler = Math.sqrt(EXACT.alphaBar(tPrev)) * (scaled + fall * slope);
    return tPrev < 0
        ? euler
        : Math.sqrt(EXACT.alphaBar(tPrev))
            * (scaled + fall * (slope + bestEpsilon(euler, tPrev)) / 2);
  }

  /**
   * The images lag behind the level of noise they are at, since a step is short where there is
   * little noise: their deviation is 13.5 % too large after 10 steps at each of 50 levels, and 2.6
   * % after 50.
   */
  @Test
  void annealedLangevinDynamicsReachesTheDataInManySteps() {
    for (int steps : new int[] {10, 50}) {
      reachesTheData(
          tf -> new AnnealedLangevinSampler(0.22),
          (mean, variance, t, tPrev) -> {
            if (tPrev < 0) {
              double slope = bestX0(1, t) - bestX0(0, t);
              return new double[] {bestX0(mean, t), slope * slope * variance};
            }
            return langevin(mean, variance, t, 0.22);
          },
          steps == 10 ? 0.15 : 0.03,
          visits(Spacing.quadratic(50), steps));
    }
  }

  /** Over few steps, where the predictor alone is off by 17 %, and over all of them. */
  @Test
  void predictorAndCorrectorReachTheData() {
    double snr = 0.16;
    for (int steps : new int[] {50, 1000}) {
      reachesTheData(
          tf -> new PredictorCorrectorSampler(Chain.ancestral(ReverseVariance.BETA), snr),
          (mean, variance, t, tPrev) -> {
            if (t != tPrev) {
              return ancestral(mean, variance, t, tPrev);
            }
            double square = Math.pow(bestEpsilon(1, t) - bestEpsilon(0, t), 2) * variance;
            square += Math.pow(bestEpsilon(mean, t), 2);
            return langevin(mean, variance, t, snr / Math.sqrt(square));
          },
          steps == 50 ? 0.15 : 0.03,
          visits(Spacing.uniform(steps), 2));
    }
  }

  /** Song et al. 2021, algorithm 5, with the score in place of epsilon. */
  private static double[] langevin(double mean, double variance, int t, double r) {
    double noise = Math.sqrt(1 - SCHEDULE.alphaBar(t));
    double step = 2 * (1 - SCHEDULE.beta(t)) * Math.pow(r * noise, 2);
    double slope = 1 - step * (bestEpsilon(1, t) - bestEpsilon(0, t)) / noise;
    return new double[] {
      mean - step * bestEpsilon(mean, t) / noise, slope * slope * variance + 2 * step
    };
  }

  private static double[] ancestral(double mean, double variance, int t, int tPrev) {
    double slope =
        EXACT.posteriorMean(bestX0(1, t), 1, t, tPrev)
            - EXACT.posteriorMean(bestX0(0, t), 0, t, tPrev);
    double added = tPrev < 0 ? 0 : EXACT.beta(t, tPrev);
    return new double[] {
      EXACT.posteriorMean(bestX0(mean, t), mean, t, tPrev), slope * slope * variance + added
    };
  }

  private static double bestX0(double x, int t) {
    return EXACT.x0(x, t, bestEpsilon(x, t));
  }

  /** With the prediction of v, which all of them allow. */
  @ParameterizedTest
  @EnumSource(GraphSpec.Schedule.class)
  void everyScheduleReachesTheData(GraphSpec.Schedule kind) {
    for (boolean zeroTerminalSnr : new boolean[] {false, true}) {
      GraphSpec.Diffusion diffusion =
          GraphSpec.Diffusion.newBuilder()
              .setSchedule(kind)
              .setPrediction(GraphSpec.Prediction.V)
              .setZeroTerminalSnr(zeroTerminalSnr)
              .build();
      Model model = Model.of(GraphSpec.newBuilder().setDiffusion(diffusion).build());
      float[] samples =
          sample(
              model.schedule(),
              model.prediction(),
              tf -> DdimSampler.DETERMINISTIC,
              visits(Spacing.uniform(1000), 1));
      double mean = 0;
      double square = 0;
      for (float sample : samples) {
        mean += sample / SAMPLES;
        square += sample * sample / SAMPLES;
      }
      double deviation = Math.sqrt(square - mean * mean);
      double[] exact = exactDdim(model.schedule());
      assertEquals(exact[0], mean, 5 * exact[1] / Math.sqrt(SAMPLES));
      assertEquals(exact[1], deviation, 5 * exact[1] / Math.sqrt(2.0 * SAMPLES));
      if (kind != GraphSpec.Schedule.CONSTANT) {
        // CONSTANT's first beta is as large as its last: its last step to x_0 is a long one.
        assertEquals(MEAN, mean, 0.05 * DEVIATION);
        assertEquals(1, deviation / DEVIATION, 0.05);
      }
    }
  }

  /** Mean and deviation of what deterministic DDIM over all steps makes of N(0,1). */
  private static double[] exactDdim(Schedule schedule) {
    double mean = 0;
    double deviation = 1;
    for (int t = schedule.steps() - 1; t >= 0; t--) {
      double before = schedule.alphaBar(t - 1);
      double now = schedule.alphaBar(t);
      double variance = now * DEVIATION * DEVIATION + 1 - now;
      double slope =
          (Math.sqrt(before * now) * DEVIATION * DEVIATION + Math.sqrt((1 - before) * (1 - now)))
              / variance;
      mean = slope * (mean - Math.sqrt(now) * MEAN) + Math.sqrt(before) * MEAN;
      deviation *= slope;
    }
    return new double[] {mean, deviation};
  }

  /** With steps that are affine functions of x and of the noise. */
  private static void reachesTheData(Function<Ops, Sampler> sampler, Exact exact, Spacing spacing) {
    reachesTheData(sampler, exact, 0.03, spacing);
  }

  private static void reachesTheData(
      Function<Ops, Sampler> sampler, Exact exact, double tolerance, Spacing spacing) {
    Moments moments =
        (mean, variance, t, tPrev) -> {
          double at0 = exact.step(0, bestEpsilon(0, t), t, tPrev, 0);
          // Small, so that x0Hat is not clipped.
          double slope = (exact.step(1e-3, bestEpsilon(1e-3, t), t, tPrev, 0) - at0) / 1e-3;
          double sigma = exact.step(0, bestEpsilon(0, t), t, tPrev, 1) - at0;
          return new double[] {slope * mean + at0, slope * slope * variance + sigma * sigma};
        };
    reachesTheData(sampler, moments, tolerance, visits(spacing, 1));
  }

  /**
   * Holds the samples against what the steps are calculated to lead to, and that against the data.
   *
   * @param tolerance for what they lead to, in units of the data's deviation
   * @param t where the steps begin, falling, and -1
   */
  private static void reachesTheData(
      Function<Ops, Sampler> sampler, Moments moments, double tolerance, int... t) {
    double[] exact = {0, 1};
    for (int i = 1; i < t.length; i++) {
      exact = moments.step(exact[0], exact[1], t[i - 1], t[i]);
    }
    double deviation = Math.sqrt(exact[1]);
    assertEquals(MEAN, exact[0], tolerance * DEVIATION);
    assertEquals(1, deviation / DEVIATION, tolerance);

    float[] samples = sample(SCHEDULE, new EpsilonPrediction(), sampler, t);
    double sampleMean = 0;
    for (float sample : samples) {
      sampleMean += sample / SAMPLES;
    }
    double sampleVariance = 0;
    for (float sample : samples) {
      sampleVariance += (sample - sampleMean) * (sample - sampleMean) / SAMPLES;
    }
    // Five standard errors.
    assertEquals(exact[0], sampleMean, 5 * deviation / Math.sqrt(SAMPLES));
    assertEquals(1, Math.sqrt(sampleVariance) / deviation, 5 / Math.sqrt(2.0 * SAMPLES));
  }

  /** The time steps, falling, each so many times, and -1. */
  private static int[] visits(Spacing spacing, int each) {
    int[] tau = spacing.timesteps(SCHEDULE);
    int[] t = new int[tau.length * each + 1];
    for (int i = 0; i < t.length - 1; i++) {
      t[i] = tau[tau.length - 1 - i / each];
    }
    t[t.length - 1] = -1;
    return t;
  }

  private static float[] sample(
      Schedule schedule, Prediction prediction, Function<Ops, Sampler> sampler, int[] visits) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Placeholder<TFloat32> x =
          tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(1, SAMPLES, 1, 1)));
      Placeholder<TInt32> t = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(1)));
      Placeholder<TInt32> tPrev = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(1)));
      Placeholder<TInt32> draw = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(1)));
      ForwardProcess q = new ForwardProcess(new Coefficients(tf, schedule));
      ReverseProcess p =
          new ReverseProcess(
              q, prediction, ReverseVariance.BETA, (at, s) -> best(q, prediction, at, s));
      Sampler.Step step = new Sampler.Step(t, tPrev, () -> noise(tf, draw));
      Expr xPrev = sampler.apply(tf).step(p, new Expr(tf, x), step).xPrev();
      Expr start = noise(tf, tf.array(0));
      try (Session session = new Session(graph)) {
        Result result = session.runner().fetch(start.asOutput()).run();
        for (int i = 1; i < visits.length; i++) {
          try (Result before = result;
              TInt32 from = TInt32.vectorOf(visits[i - 1]);
              TInt32 to = TInt32.vectorOf(visits[i]);
              TInt32 drawn = TInt32.vectorOf(i)) {
            result =
                session
                    .runner()
                    .feed(x, before.get(0))
                    .feed(t, from)
                    .feed(tPrev, to)
                    .feed(draw, drawn)
                    .fetch(xPrev.asOutput())
                    .run();
          }
        }
        try (Result last = result) {
          return Floats.of(last.get(0));
        }
      }
    }
  }

  private static double bestEpsilon(double x, int t) {
    double alphaBar = SCHEDULE.alphaBar(t);
    return Math.sqrt(1 - alphaBar)
        * (x - Math.sqrt(alphaBar) * MEAN)
        / (alphaBar * DEVIATION * DEVIATION + 1 - alphaBar);
  }

  /** What the best network gives: every prediction is linear in x_0 and epsilon, so is its mean. */
  private static Expr best(ForwardProcess q, Prediction prediction, Expr x, Operand<TInt32> t) {
    Coefficients at = q.coefficients();
    Expr variance = at.alphaBar(t).times(DEVIATION * DEVIATION).plus(at.oneMinusAlphaBar(t));
    Expr fromMean = x.minus(at.sqrtAlphaBar(t).times(MEAN)).over(variance);
    Expr epsilon = at.sqrtOneMinusAlphaBar(t).times(fromMean);
    Expr x0 = at.sqrtAlphaBar(t).times(DEVIATION * DEVIATION).times(fromMean).plus(MEAN);
    return prediction.target(q, x0, t, epsilon);
  }

  private static Expr noise(Ops tf, Operand<TInt32> draw) {
    Operand<TInt32> seed = tf.concat(java.util.List.of(draw, tf.array(11)), tf.constant(0));
    return new Expr(
        tf, tf.random.statelessRandomNormal(tf.array(1, SAMPLES, 1, 1), seed, TFloat32.class));
  }
}
