package org.tfddpm.diffusion.sampler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
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
import org.tfddpm.diffusion.Coefficients;
import org.tfddpm.diffusion.EpsilonPrediction;
import org.tfddpm.diffusion.Expr;
import org.tfddpm.diffusion.ForwardProcess;
import org.tfddpm.diffusion.ReverseProcess;
import org.tfddpm.diffusion.ReverseVariance;
import org.tfddpm.diffusion.schedule.LinearSchedule;
import org.tfddpm.diffusion.schedule.Schedule;
import org.tfddpm.diffusion.schedule.Spacing;
import org.tfddpm.testing.Floats;

/**
 * Two pixels, of which one is known, where the best network is known: for x_0 ~ N(0, S) with S =
 * s^2 (1 r; r 1) the epsilon to expect is sqrt(1-alphaBar) (alphaBar S + (1-alphaBar) I)^-1 x_t.
 * The other pixel is then to be N(r x, s^2 (1-r^2)).
 */
class InpaintingTest {
  private static final int SAMPLES = 20_000;
  private static final double DEVIATION = 0.5;
  private static final double CORRELATION = 0.8;
  private static final int STEPS = 40;
  private static final float KNOWN = 0.6f;
  private static final Schedule SCHEDULE = LinearSchedule.of(1000, 1e-4, 0.02);

  private static final double EXACT_MEAN = CORRELATION * KNOWN;
  private static final double EXACT_VARIANCE =
      DEVIATION * DEVIATION * (1 - CORRELATION * CORRELATION);

  /** Mean and variance of the painted pixel. */
  private record Painted(double mean, double variance) {
    double error() {
      return Math.abs(mean - EXACT_MEAN) / Math.sqrt(EXACT_VARIANCE)
          + Math.abs(variance / EXACT_VARIANCE - 1);
    }
  }

  /** Every step of 40 once and ten times: within five standard errors. */
  @Test
  void samplesAreThoseOfTheEquations() {
    for (int times : new int[] {1, 10}) {
      Painted given = paint(times);
      Painted expected = moments(STEPS, times);
      double deviation = Math.sqrt(expected.variance());
      assertEquals(expected.mean(), given.mean(), 5 * deviation / Math.sqrt(SAMPLES));
      assertEquals(1, given.variance() / expected.variance(), 5 * Math.sqrt(2.0 / SAMPLES));
    }
  }

  /** Without it the known pixel tells too little of the other one, however many steps there are. */
  @Test
  void resamplingLeadsToTheConditionalDistribution() {
    assertTrue(moments(1000, 1).error() > 0.9, () -> moments(1000, 1).toString());
    assertTrue(moments(1000, 10).error() < 0.11, () -> moments(1000, 10).toString());
    assertTrue(moments(1000, 100).error() < 0.013, () -> moments(1000, 100).toString());
    assertTrue(moments(40, 1).error() > 5 * moments(40, 10).error());
  }

  /**
   * What so many steps, each so many times, lead to: a step down is a sample of p(x_tPrev|x_t),
   * with the slopes m and the variances c of the pixels' sum and difference, and what is known at
   * each level is independent of what is painted there.
   */
  private static Painted moments(int steps, int times) {
    int[] tau = Spacing.even(steps).timesteps(SCHEDULE);
    double mean = 0;
    double variance = 1;
    double knownMean = 0;
    double knownVariance = 1;
    for (int i = steps - 1; i >= 0; i--) {
      int tPrev = i == 0 ? -1 : tau[i - 1];
      double alpha = SCHEDULE.alphaBar(tau[i]) / SCHEDULE.alphaBar(tPrev);
      for (int k = 0; k < (i == 0 ? 1 : times); k++) {
        if (k > 0) {
          mean *= Math.sqrt(alpha);
          variance = alpha * variance + 1 - alpha;
          knownMean *= Math.sqrt(alpha);
          knownVariance = alpha * knownVariance + 1 - alpha;
        }
        double even = variance(tPrev, 1 + CORRELATION) / variance(tau[i], 1 + CORRELATION);
        double odd = variance(tPrev, 1 - CORRELATION) / variance(tau[i], 1 - CORRELATION);
        double own = Math.sqrt(alpha) * (even + odd) / 2;
        double other = Math.sqrt(alpha) * (even - odd) / 2;
        mean = own * mean + other * knownMean;
        variance =
            own * own * variance + other * other * knownVariance + (1 - alpha) * (even + odd) / 2;
        knownMean = Math.sqrt(SCHEDULE.alphaBar(tPrev)) * KNOWN;
        knownVariance = 1 - SCHEDULE.alphaBar(tPrev);
      }
    }
    return new Painted(mean, variance);
  }

  /** Of x_t in a direction of which S has this part. */
  private static double variance(int t, double part) {
    double alphaBar = SCHEDULE.alphaBar(t);
    return alphaBar * DEVIATION * DEVIATION * part + 1 - alphaBar;
  }

  private static Painted paint(int times) {
    float[] both = sample(times);
    double mean = 0;
    double square = 0;
    for (int i = 0; i < both.length; i += 2) {
      assertEquals(KNOWN, both[i], "the known pixel is exact");
      mean += both[i + 1] / (double) SAMPLES;
      square += (double) both[i + 1] * both[i + 1] / SAMPLES;
    }
    return new Painted(mean, square - mean * mean);
  }

  /** Every step so many times, up again between them, over some of the time steps. */
  private static float[] sample(int times) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Shape images = Shape.of(SAMPLES, 1, 2, 1);
      Placeholder<TFloat32> x = tf.placeholder(TFloat32.class, Placeholder.shape(images));
      Placeholder<TInt32> t = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(1)));
      Placeholder<TInt32> tPrev = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(1)));
      Placeholder<TInt32> draw = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(1)));
      ForwardProcess q = new ForwardProcess(new Coefficients(tf, SCHEDULE));
      ReverseProcess p =
          new ReverseProcess(
              q,
              new EpsilonPrediction(),
              ReverseVariance.BETA_TILDE,
              (at, s) -> best(q.coefficients(), at, s));
      Expr picture = new Expr(tf, tf.constantOf(Floats.tensor(new float[] {KNOWN, 9}, 1, 1, 2, 1)));
      Expr mask = new Expr(tf, tf.constantOf(Floats.tensor(new float[] {-1, 1}, 1, 1, 2, 1)));
      Sampler sampler =
          new Inpainting(exact(noise(tf, draw, 4)), picture, mask, () -> noise(tf, draw, 1));
      Expr down =
          sampler
              .step(p, new Expr(tf, x), new Sampler.Step(t, tPrev, () -> noise(tf, draw, 2)))
              .xPrev();
      Expr up = q.qStep(new Expr(tf, x), t, tPrev, noise(tf, draw, 3));
      Expr start = noise(tf, tf.array(0), 0);
      int[] tau = Spacing.even(STEPS).timesteps(SCHEDULE);

      try (Session session = new Session(graph)) {
        Result at = session.runner().fetch(start.asOutput()).run();
        int drawn = 0;
        for (int i = tau.length - 1; i >= 0; i--) {
          for (int k = 0; k < (i == 0 ? 1 : times); k++) {
            for (Expr way : k == 0 ? new Expr[] {down} : new Expr[] {up, down}) {
              try (Result before = at;
                  TInt32 from = TInt32.vectorOf(tau[i]);
                  TInt32 to = TInt32.vectorOf(i == 0 ? -1 : tau[i - 1]);
                  TInt32 number = TInt32.vectorOf(++drawn)) {
                at =
                    session
                        .runner()
                        .feed(x, before.get(0))
                        .feed(t, from)
                        .feed(tPrev, to)
                        .feed(draw, number)
                        .fetch(way.asOutput())
                        .run();
              }
            }
          }
        }
        try (Result last = at) {
          return Floats.of(last.get(0));
        }
      }
    }
  }

  /**
   * Ancestral sampling, and what its variance betaTilde leaves out: that of the mean's x0Hat. So
   * its steps are samples of p(x_tPrev|x_t), however long they are.
   */
  private static Sampler exact(Expr z) {
    return (p, x, step) -> {
      Coefficients at = p.q().coefficients();
      Sampler.Result result = new DdpmSampler().step(p, x, step);
      Expr ofX0 =
          at.sqrtAlphaBar(step.tPrev())
              .times(p.q().noiseRatio(step.t(), step.tPrev()).negate().plus(1));
      Expr swapped = new Expr(x.tf(), x.tf().reverse(z, x.tf().array(2)));
      Expr even = z.plus(swapped).times(0.5).times(deviationOfX0(at, step.t(), 1 + CORRELATION));
      Expr odd = z.minus(swapped).times(0.5).times(deviationOfX0(at, step.t(), 1 - CORRELATION));
      Expr xPrev = result.xPrev().plus(even.plus(odd).times(ofX0));
      return new Sampler.Result(xPrev, result.x0Hat(), result.epsilonHat());
    };
  }

  /** Of x_0 given x_t, in a direction of which S has this part. */
  private static Expr deviationOfX0(Coefficients at, Operand<TInt32> t, double part) {
    return at.oneMinusAlphaBar(t)
        .over(variance(at, t, part))
        .times(DEVIATION * DEVIATION * part)
        .sqrt();
  }

  /** By the sum and the difference of the pixels, which are independent. */
  private static Expr best(Coefficients at, Expr x, Operand<TInt32> t) {
    Ops tf = x.tf();
    Expr swapped = new Expr(tf, tf.reverse(x, tf.array(2)));
    Expr even = x.plus(swapped).times(0.5).over(variance(at, t, 1 + CORRELATION));
    Expr odd = x.minus(swapped).times(0.5).over(variance(at, t, 1 - CORRELATION));
    return even.plus(odd).times(at.sqrtOneMinusAlphaBar(t));
  }

  private static Expr variance(Coefficients at, Operand<TInt32> t, double part) {
    return at.alphaBar(t).times(DEVIATION * DEVIATION * part).plus(at.oneMinusAlphaBar(t));
  }

  private static Expr noise(Ops tf, Operand<TInt32> draw, int purpose) {
    Operand<TInt32> seed = tf.concat(Arrays.asList(draw, tf.array(purpose)), tf.constant(0));
    return new Expr(
        tf, tf.random.statelessRandomNormal(tf.array(SAMPLES, 1, 2, 1), seed, TFloat32.class));
  }
}
