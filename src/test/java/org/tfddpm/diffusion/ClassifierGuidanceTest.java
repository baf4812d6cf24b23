package org.tfddpm.diffusion;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tfddpm.diffusion.sampler.DdimSampler;
import org.tfddpm.diffusion.sampler.DdpmSampler;
import org.tfddpm.diffusion.sampler.Sampler;
import org.tfddpm.diffusion.schedule.LinearSchedule;
import org.tfddpm.diffusion.schedule.Schedule;
import org.tfddpm.diffusion.schedule.ZeroTerminalSnr;
import org.tfddpm.testing.Floats;
import org.tfddpm.testing.Graphs;

/** Data is N(MEAN, DEVIATION^2), of which everything is known at every level of noise. */
class ClassifierGuidanceTest {
  private static final Schedule SCHEDULE = LinearSchedule.of(1000, 1e-4, 0.02);
  private static final double MEAN = 0.3;
  private static final double DEVIATION = 0.2;
  private static final int SAMPLES = 5_000;

  /** Likelihoods of x_0 whose log p(y|x_t) is known: of E[x_0|x_t] and Var[x_0|x_t]. */
  private interface Known {
    Expr of(Expr mean, Expr variance);
  }

  /**
   * p(y|x_0) in proportion to exp(a x_0): log p(y|x_t) is a E[x_0|x_t] and what does not depend on
   * x_t. Of p(x) p(y|x)^s that is so for every s, so that guidance reaches it exactly: N(MEAN + s a
   * DEVIATION^2, DEVIATION^2).
   */
  @ParameterizedTest
  @ValueSource(doubles = {0, 1, 3})
  void samplesFollowTheTiltedDistribution(double scale) {
    double a = -4;
    Known known = (mean, variance) -> mean.times(a);
    double tilted = MEAN + scale * a * DEVIATION * DEVIATION;
    for (Sampler sampler : List.of(DdimSampler.DETERMINISTIC, new DdpmSampler())) {
      double[] moments = sample(sampler, known, scale);
      assertEquals(tilted, moments[0], 0.01);
      assertEquals(DEVIATION, moments[1], 0.01);
    }
  }

  /** y is x_0 with noise of variance R^2: at s = 1 samples are p(x|y), narrower than the data. */
  @Test
  void samplesFollowThePosterior() {
    double y = -0.4;
    double r2 = 0.03;
    Known known = (mean, variance) -> mean.minus(y).squared().times(-0.5).over(variance.plus(r2));
    double precision = 1 / (DEVIATION * DEVIATION) + 1 / r2;
    double posterior = (MEAN / (DEVIATION * DEVIATION) + y / r2) / precision;
    for (Sampler sampler : List.of(DdimSampler.DETERMINISTIC, new DdpmSampler())) {
      double[] moments = sample(sampler, known, 1);
      assertEquals(posterior, moments[0], 0.01);
      assertEquals(1 / Math.sqrt(precision), moments[1], 0.01);
    }
  }

  /** Whatever the network predicts: its guided output stands for the guided epsilon. */
  @ParameterizedTest
  @ValueSource(ints = {1, 10, 300, 700})
  void predictionsAgreeOnTheShift(int t) {
    double signal = SCHEDULE.alphaBar(t);
    double[] x = {-0.8, 0.1, 1.5};
    double[] x0 = {0.3, -0.6, 0.9};
    for (Prediction prediction :
        List.of(
            new EpsilonPrediction(), new X0Prediction(), new VPrediction(), new MeanPrediction())) {
      float[] epsilons =
          Graphs.run(
              tf -> {
                ForwardProcess q = new ForwardProcess(new Coefficients(tf, SCHEDULE));
                Operand<TInt32> ts = tf.constant(new int[] {t, t, t});
                Expr xt = images(tf, x);
                Expr clean = images(tf, x0);
                Expr target = prediction.target(q, clean, ts, q.epsilon(xt, ts, clean));
                ReverseProcess p =
                    new ReverseProcess(q, prediction, ReverseVariance.BETA, (at, s) -> target);
                return ClassifierGuidance.of(p, (at, s) -> half(at), 2)
                    .estimate(xt, ts)
                    .epsilonHat();
              });
      for (int i = 0; i < 3; i++) {
        double epsilon = (x[i] - Math.sqrt(signal) * x0[i]) / Math.sqrt(1 - signal);
        // Of log p = 0.5 x^2 the gradient is x.
        double expected = epsilon - 2 * Math.sqrt(1 - signal) * x[i];
        assertEquals(
            expected, epsilons[i], 2e-3 * Math.max(1, Math.abs(expected)), prediction.toString());
      }
    }
  }

  @Test
  void aLearnedVarianceStaysAsItIs() {
    float[] output =
        Graphs.run(
            tf -> {
              ForwardProcess q = new ForwardProcess(new Coefficients(tf, SCHEDULE));
              Expr both =
                  new Expr(tf, tf.constantOf(Floats.tensor(new float[] {1, 7}, 1, 1, 1, 2)));
              Expr x = images(tf, new double[] {0.5});
              return new ClassifierGuidance(
                      (at, s) -> both, q, new EpsilonPrediction(), (at, s) -> half(at), 3)
                  .predict(x, tf.constant(new int[] {400}));
            });
    assertEquals(1 - 3 * Math.sqrt(1 - SCHEDULE.alphaBar(400)) * 0.5, output[0], 1e-5);
    assertEquals(7, output[1]);
  }

  /** Where alphaBar is 0, x_t tells nothing of y, whatever a network takes it to tell. */
  @Test
  void noiseAloneIsNotGuided() {
    Schedule schedule = ZeroTerminalSnr.of(SCHEDULE);
    for (Prediction prediction : List.of(new X0Prediction(), new VPrediction())) {
      float[] output =
          Graphs.run(
              tf -> {
                ForwardProcess q = new ForwardProcess(new Coefficients(tf, schedule));
                return new ClassifierGuidance(
                        (x, s) -> x.times(2), q, prediction, (at, s) -> half(at), 3)
                    .predict(images(tf, new double[] {0.5}), tf.constant(new int[] {999}));
              });
      assertEquals(1, output[0]);
    }
  }

  /** Mean and deviation of samples from all the steps. */
  private static double[] sample(Sampler sampler, Known known, double scale) {
    Random random = new Random(3);
    float[] values = normal(random);
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Placeholder.Options images = Placeholder.shape(Shape.of(-1, 1, 1, 1));
      Placeholder.Options rows = Placeholder.shape(Shape.of(-1));
      Placeholder<TFloat32> x = tf.placeholder(TFloat32.class, images);
      Placeholder<TFloat32> noise = tf.placeholder(TFloat32.class, images);
      Placeholder<TInt32> t = tf.placeholder(TInt32.class, rows);
      Placeholder<TInt32> tPrev = tf.placeholder(TInt32.class, rows);
      ForwardProcess q = new ForwardProcess(new Coefficients(tf, SCHEDULE));
      ReverseProcess p =
          ClassifierGuidance.of(
              new ReverseProcess(
                  q,
                  new VPrediction(),
                  ReverseVariance.BETA_TILDE,
                  (at, s) -> {
                    Expr x0 = mean(q, at, s);
                    return new VPrediction().target(q, x0, s, q.epsilon(at, s, x0));
                  }),
              (at, s) -> known.of(mean(q, at, s), variance(q, s)).meanPerImage(),
              scale);
      Operand<TFloat32> next =
          sampler
              .step(p, new Expr(tf, x), new Sampler.Step(t, tPrev, () -> new Expr(tf, noise)))
              .xPrev();
      try (Session session = new Session(graph)) {
        for (int at = SCHEDULE.steps() - 1; at >= 0; at--) {
          try (TFloat32 fed = Floats.tensor(values, SAMPLES, 1, 1, 1);
              TFloat32 drawn = Floats.tensor(normal(random), SAMPLES, 1, 1, 1);
              TInt32 from = all(at);
              TInt32 to = all(at - 1);
              Result result =
                  session
                      .runner()
                      .feed(x, fed)
                      .feed(noise, drawn)
                      .feed(t, from)
                      .feed(tPrev, to)
                      .fetch(next)
                      .run()) {
            values = Floats.of(result.get(0));
          }
        }
      }
    }
    return moments(values);
  }

  /** E[x_0|x_t]. */
  private static Expr mean(ForwardProcess q, Expr x, Operand<TInt32> t) {
    Coefficients at = q.coefficients();
    Expr gain =
        at.of(t, (s, i) -> Math.sqrt(s.alphaBar(i)) * DEVIATION * DEVIATION / varianceAt(s, i));
    return x.minus(at.sqrtAlphaBar(t).times(MEAN)).times(gain).plus(MEAN);
  }

  /** Var[x_0|x_t]. */
  private static Expr variance(ForwardProcess q, Operand<TInt32> t) {
    return q.coefficients()
        .of(t, (s, i) -> DEVIATION * DEVIATION * (1 - s.alphaBar(i)) / varianceAt(s, i));
  }

  /** Var[x_t]. */
  private static double varianceAt(Schedule schedule, int t) {
    return schedule.alphaBar(t) * DEVIATION * DEVIATION + 1 - schedule.alphaBar(t);
  }

  /** 0.5 x^2. */
  private static Expr half(Expr x) {
    return x.squared().meanPerImage().times(0.5);
  }

  private static double[] moments(float[] values) {
    double mean = 0;
    double square = 0;
    for (float value : values) {
      mean += value / (double) values.length;
      square += (double) value * value / values.length;
    }
    return new double[] {mean, Math.sqrt(square - mean * mean)};
  }

  private static float[] normal(Random random) {
    float[] values = new float[SAMPLES];
    for (int i = 0; i < SAMPLES; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static TInt32 all(int value) {
    int[] values = new int[SAMPLES];
    Arrays.fill(values, value);
    return TInt32.vectorOf(values);
  }

  private static Expr images(Ops tf, double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return new Expr(tf, tf.constantOf(Floats.tensor(floats, values.length, 1, 1, 1)));
  }
}
