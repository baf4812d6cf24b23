package org.tfddpm.diffusion;

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

  @Test
  void ddimOfEveryEtaReachesTheData() {
    for (double eta : new double[] {0, 0.5, 1}) {
      reachesTheData(
          tf -> DdimSampler.withEta(Expr.of(tf, eta)),
          ReverseVariance.BETA,
          (x, e, t, p, z) -> EXACT.ddim(x, e, t, p, eta, z),
          Spacing.EVEN,
          1000);
    }
    reachesTheData(
        tf -> DdimSampler.DETERMINISTIC,
        ReverseVariance.BETA,
        (x, e, t, p, z) -> EXACT.ddim(x, e, t, p, 0, z),
        Spacing.QUADRATIC,
        100);
  }

  @Test
  void ancestralSamplingReachesTheDataWithEitherVariance() {
    reachesTheData(
        tf -> new DdpmSampler(),
        ReverseVariance.BETA,
        (x, e, t, p, z) -> EXACT.ddpm(x, e, t, p, EXACT.beta(t, p), z),
        Spacing.UNIFORM,
        1000);
    reachesTheData(
        tf -> new DdpmSampler(),
        ReverseVariance.BETA_TILDE,
        (x, e, t, p, z) -> EXACT.ddpm(x, e, t, p, EXACT.betaTilde(t, p), z),
        Spacing.EVEN,
        1000);
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
      int[] tau = Spacing.UNIFORM.timesteps(1000, 1000);
      float[] samples =
          sample(
              model.schedule(),
              model.prediction(),
              ReverseVariance.BETA,
              tf -> DdimSampler.DETERMINISTIC,
              tau);
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

  private static void reachesTheData(
      Function<Ops, Sampler> sampler,
      ReverseVariance reverse,
      Exact exact,
      Spacing spacing,
      int count) {
    int[] tau = spacing.timesteps(SCHEDULE.steps(), count);
    double mean = 0;
    double variance = 1;
    for (int i = count - 1; i >= 0; i--) {
      int t = tau[i];
      int tPrev = i == 0 ? -1 : tau[i - 1];
      double at0 = exact.step(0, bestEpsilon(0, t), t, tPrev, 0);
      // Small, so that x0Hat is not clipped.
      double slope = (exact.step(1e-3, bestEpsilon(1e-3, t), t, tPrev, 0) - at0) / 1e-3;
      double sigma = exact.step(0, bestEpsilon(0, t), t, tPrev, 1) - at0;
      mean = slope * mean + at0;
      variance = slope * slope * variance + sigma * sigma;
    }
    assertEquals(MEAN, mean, 0.03 * DEVIATION);
    assertEquals(1, Math.sqrt(variance) / DEVIATION, 0.03);

    float[] samples = sample(SCHEDULE, new EpsilonPrediction(), reverse, sampler, tau);
    double sampleMean = 0;
    for (float sample : samples) {
      sampleMean += sample / SAMPLES;
    }
    double sampleVariance = 0;
    for (float sample : samples) {
      sampleVariance += (sample - sampleMean) * (sample - sampleMean) / SAMPLES;
    }
    // Five standard errors.
    assertEquals(mean, sampleMean, 5 * DEVIATION / Math.sqrt(SAMPLES));
    assertEquals(1, Math.sqrt(sampleVariance / variance), 5 / Math.sqrt(2.0 * SAMPLES));
  }

  private static float[] sample(
      Schedule schedule,
      Prediction prediction,
      ReverseVariance reverse,
      Function<Ops, Sampler> sampler,
      int[] tau) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Placeholder<TFloat32> x =
          tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(1, SAMPLES, 1, 1)));
      Placeholder<TInt32> t = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(1)));
      Placeholder<TInt32> tPrev = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(1)));
      ForwardProcess q = new ForwardProcess(new Coefficients(tf, schedule));
      ReverseProcess p =
          new ReverseProcess(q, prediction, reverse, (at, s) -> best(q, prediction, at, s));
      Sampler.Step step = new Sampler.Step(t, tPrev, () -> noise(tf, t));
      Expr xPrev = sampler.apply(tf).step(p, new Expr(tf, x), step).xPrev();
      Expr start = noise(tf, tf.array(schedule.steps()));
      try (Session session = new Session(graph)) {
        Result result = session.runner().fetch(start.asOutput()).run();
        for (int i = tau.length - 1; i >= 0; i--) {
          try (Result before = result;
              TInt32 from = TInt32.vectorOf(tau[i]);
              TInt32 to = TInt32.vectorOf(i == 0 ? -1 : tau[i - 1])) {
            result =
                session
                    .runner()
                    .feed(x, before.get(0))
                    .feed(t, from)
                    .feed(tPrev, to)
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

  /** Other noise for each t. */
  private static Expr noise(Ops tf, Operand<TInt32> t) {
    Operand<TInt32> seed = tf.concat(java.util.List.of(t, tf.array(11)), tf.constant(0));
    return new Expr(
        tf, tf.random.statelessRandomNormal(tf.array(1, SAMPLES, 1, 1), seed, TFloat32.class));
  }
}
