package org.tfddpm.diffusion;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
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
          (x, e, t, p, z) -> EXACT.ddim(x, e, t, p, eta, z),
          Spacing.EVEN,
          1000);
    }
    reachesTheData(
        tf -> DdimSampler.DETERMINISTIC,
        (x, e, t, p, z) -> EXACT.ddim(x, e, t, p, 0, z),
        Spacing.QUADRATIC,
        100);
  }

  @Test
  void ancestralSamplingReachesTheDataWithEitherVariance() {
    reachesTheData(
        tf -> new DdpmSampler(ReverseVariance.BETA),
        (x, e, t, p, z) -> EXACT.ddpm(x, e, t, p, EXACT.beta(t, p), z),
        Spacing.UNIFORM,
        1000);
    reachesTheData(
        tf -> new DdpmSampler(ReverseVariance.BETA_TILDE),
        (x, e, t, p, z) -> EXACT.ddpm(x, e, t, p, EXACT.betaTilde(t, p), z),
        Spacing.EVEN,
        1000);
  }

  private static void reachesTheData(
      Function<Ops, Sampler> sampler, Exact exact, Spacing spacing, int count) {
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

    float[] samples = sample(sampler, tau);
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

  private static float[] sample(Function<Ops, Sampler> sampler, int[] tau) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Placeholder<TFloat32> x =
          tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(1, SAMPLES, 1, 1)));
      Placeholder<TInt32> t = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(1)));
      Placeholder<TInt32> tPrev = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(1)));
      ForwardProcess q = new ForwardProcess(new Coefficients(tf, SCHEDULE));
      ReverseProcess p =
          new ReverseProcess(
              q, new EpsilonPrediction(), (at, s) -> bestEpsilon(q.coefficients(), at, s));
      Sampler.Step step = new Sampler.Step(t, tPrev, () -> noise(tf, t));
      Expr xPrev = sampler.apply(tf).step(p, new Expr(tf, x), step).xPrev();
      Expr start = noise(tf, tf.array(SCHEDULE.steps()));
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

  private static Expr bestEpsilon(Coefficients at, Expr x, Operand<TInt32> t) {
    Expr variance = at.alphaBar(t).times(DEVIATION * DEVIATION).plus(at.oneMinusAlphaBar(t));
    return at.sqrtOneMinusAlphaBar(t).times(x.minus(at.sqrtAlphaBar(t).times(MEAN))).over(variance);
  }

  /** Other noise for each t. */
  private static Expr noise(Ops tf, Operand<TInt32> t) {
    Operand<TInt32> seed = tf.concat(java.util.List.of(t, tf.array(11)), tf.constant(0));
    return new Expr(
        tf, tf.random.statelessRandomNormal(tf.array(1, SAMPLES, 1, 1), seed, TFloat32.class));
  }
}
