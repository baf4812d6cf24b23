package org.tfddpm.diffusion;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tfddpm.diffusion.sampler.DdimSampler;
import org.tfddpm.diffusion.sampler.DdpmSampler;
import org.tfddpm.diffusion.sampler.Sampler;
import org.tfddpm.diffusion.schedule.JsdSchedule;
import org.tfddpm.diffusion.schedule.LinearSchedule;
import org.tfddpm.diffusion.schedule.Schedule;
import org.tfddpm.model.Model;
import org.tfddpm.spec.GraphSpec;
import org.tfddpm.testing.Floats;
import org.tfddpm.testing.Graphs;

/** Every expression of the graph against the printed equation in double. */
class EquationsTest {
  private static final Schedule SCHEDULE = LinearSchedule.of(1000, 1e-4, 0.02);
  private static final Doubles EXACT = new Doubles(SCHEDULE);

  /** Single steps at both ends and in the middle, long ones, and the last one to x_0. */
  private static final int[] T = {999, 999, 999, 998, 500, 500, 500, 100, 9, 1, 1, 0};

  private static final int[] T_PREV = {998, 500, -1, 0, 499, 400, 0, 90, 0, 0, -1, -1};

  private static final int ROW = 4;

  private final float[] x = random(1, 1.0);
  private final float[] x0 = random(2, 0.5);
  private final float[] epsilon = random(3, 1.0);

  /** An expression of x, x0 and epsilon [N,2,1,2] at t and tPrev. */
  private interface InGraph {
    Expr of(ForwardProcess q, Expr x, Expr x0, Expr epsilon, Operand<TInt32> t, Operand<TInt32> p);
  }

  /** The same of single numbers. */
  private interface InDouble {
    double of(double x, double x0, double epsilon, int t, int tPrev);
  }

  @Test
  void qSample() {
    same((q, x, x0, e, t, p) -> q.qSample(x0, t, e), (x, x0, e, t, p) -> EXACT.qSample(x0, t, e));
  }

  @Test
  void x0FromEpsilon() {
    same((q, x, x0, e, t, p) -> q.x0(x, t, e), (x, x0, e, t, p) -> EXACT.x0(x, t, e));
  }

  @Test
  void epsilonFromX0() {
    same(
        (q, x, x0, e, t, p) -> q.epsilon(x, t, x0),
        (x, x0, e, t, p) ->
            (x - Math.sqrt(EXACT.alphaBar(t)) * x0) / Math.sqrt(1 - EXACT.alphaBar(t)));
  }

  @Test
  void vIsWhatSalimansAndHoPrint() {
    VPrediction v = new VPrediction();
    same(
        (q, x, x0, e, t, p) -> v.target(q, x0, t, e),
        (x, x0, e, t, p) ->
            Math.sqrt(EXACT.alphaBar(t)) * e - Math.sqrt(1 - EXACT.alphaBar(t)) * x0);
    same(
        (q, x, x0, e, t, p) -> v.estimate(q, x, t, e).x0Hat(),
        (x, x0, e, t, p) ->
            Math.sqrt(EXACT.alphaBar(t)) * x - Math.sqrt(1 - EXACT.alphaBar(t)) * e);
    same(
        (q, x, x0, e, t, p) -> v.estimate(q, x, t, e).epsilonHat(),
        (x, x0, e, t, p) ->
            Math.sqrt(1 - EXACT.alphaBar(t)) * x + Math.sqrt(EXACT.alphaBar(t)) * e);
  }

  @Test
  void meanIsThatOfThePosterior() {
    same(
        (q, x, x0, e, t, p) -> new MeanPrediction().target(q, x0, t, e),
        (x, x0, e, t, p) -> EXACT.posteriorMean(x0, EXACT.qSample(x0, t, e), t, t - 1));
  }

  /** A network that gives its target stands for the image and the noise, whatever it predicts. */
  @ParameterizedTest
  @EnumSource(GraphSpec.Prediction.class)
  void everyPredictionIsOfTheSameImageAndNoise(GraphSpec.Prediction kind) {
    GraphSpec.Diffusion diffusion = GraphSpec.Diffusion.newBuilder().setPrediction(kind).build();
    Prediction prediction =
        Model.of(GraphSpec.newBuilder().setDiffusion(diffusion).build()).prediction();
    for (boolean image : new boolean[] {true, false}) {
      float[] given =
          Graphs.run(
              tf -> {
                ForwardProcess q = new ForwardProcess(new Coefficients(tf, SCHEDULE));
                Expr target = prediction.target(q, images(tf, x0), t(tf, T), images(tf, epsilon));
                Expr xt = q.qSample(images(tf, x0), t(tf, T), images(tf, epsilon));
                Prediction.Estimate estimate = prediction.estimate(q, xt, t(tf, T), target);
                return image ? estimate.x0Hat() : estimate.epsilonHat();
              });
      // Where x_t is nearly all noise, x_0 is divided by as little; most so in the mean.
      float error = kind == GraphSpec.Prediction.MEAN ? 2e-2f : 1e-4f;
      assertArrayEquals(image ? x0 : epsilon, given, error);
    }
  }

  @Test
  void beta() {
    same(
        (q, x, x0, e, t, p) -> q.beta(t, p).times(x.times(0).plus(1)),
        (x, x0, e, t, p) -> EXACT.beta(t, p));
  }

  @Test
  void betaTilde() {
    same(
        (q, x, x0, e, t, p) -> q.betaTilde(t, p).times(x.times(0).plus(1)),
        (x, x0, e, t, p) -> EXACT.betaTilde(t, p));
  }

  @Test
  void posteriorMean() {
    same(
        (q, x, x0, e, t, p) -> q.posteriorMean(x0, x, t, p),
        (x, x0, e, t, p) -> EXACT.posteriorMean(x0, x, t, p));
  }

  @Test
  void ddimWithoutNoise() {
    same(
        (q, x, x0, e, t, p) -> step(DdimSampler.DETERMINISTIC, q, x, e, t, p, x0),
        (x, x0, e, t, p) -> EXACT.ddim(x, e, t, p, 0, 0));
  }

  @Test
  void ddimWithEta() {
    for (double eta : new double[] {0, 0.2, 0.5, 1}) {
      same(
          (q, x, x0, e, t, p) -> step(DdimSampler.withEta(Expr.of(x.tf(), eta)), q, x, e, t, p, x0),
          (x, x0, e, t, p) -> EXACT.ddim(x, e, t, p, eta, x0));
    }
  }

  @Test
  void ddpmWithBeta() {
    same(
        (q, x, x0, e, t, p) -> ancestral(ReverseVariance.BETA, q, x, e, t, p, x0),
        (x, x0, e, t, p) -> EXACT.ddpm(x, e, t, p, EXACT.beta(t, p), x0));
  }

  @Test
  void ddpmWithBetaTilde() {
    same(
        (q, x, x0, e, t, p) -> ancestral(ReverseVariance.BETA_TILDE, q, x, e, t, p, x0),
        (x, x0, e, t, p) -> EXACT.ddpm(x, e, t, p, EXACT.betaTilde(t, p), x0));
  }

  /**
   * Where alphaBar is 0, x_t tells nothing: what follows is x0Hat, which is -v there, and noise.
   */
  @Test
  void ancestralStepOutOfPureNoiseForgetsIt() {
    Schedule jsd = JsdSchedule.of(10);
    int[] last = new int[T.length];
    Arrays.fill(last, 9);
    int[] before = new int[T.length];
    Arrays.fill(before, 8);
    float[] given =
        Graphs.run(
            tf -> {
              ForwardProcess q = new ForwardProcess(new Coefficients(tf, jsd));
              ReverseProcess p =
                  new ReverseProcess(
                      q, new VPrediction(), ReverseVariance.BETA_TILDE, (at, s) -> images(tf, x0));
              Sampler.Step step =
                  new Sampler.Step(t(tf, last), t(tf, before), () -> images(tf, epsilon));
              return new DdpmSampler()
                  .step(p.with(Thresholding.STATIC), images(tf, x), step)
                  .xPrev();
            });
    for (int i = 0; i < given.length; i++) {
      double x0Hat = Math.max(-1, Math.min(1, -x0[i]));
      assertEquals(new Doubles(jsd).qSample(x0Hat, 8, epsilon[i]), given[i], 1e-5);
    }
  }

  /** A step of a sampler whose network gives epsilon and whose noise is x0. */
  private static Expr step(
      Sampler sampler,
      ForwardProcess q,
      Expr x,
      Expr epsilon,
      Operand<TInt32> t,
      Operand<TInt32> tPrev,
      Expr noise) {
    ReverseProcess p =
        new ReverseProcess(q, new EpsilonPrediction(), ReverseVariance.BETA, (at, s) -> epsilon);
    return sampler.step(p, x, new Sampler.Step(t, tPrev, () -> noise)).xPrev();
  }

  /** The same of ancestral sampling, which clips x0Hat. */
  private static Expr ancestral(
      ReverseVariance variance,
      ForwardProcess q,
      Expr x,
      Expr epsilon,
      Operand<TInt32> t,
      Operand<TInt32> tPrev,
      Expr noise) {
    ReverseProcess p = new ReverseProcess(q, new EpsilonPrediction(), variance, (at, s) -> epsilon);
    return new DdpmSampler()
        .step(p.with(Thresholding.STATIC), x, new Sampler.Step(t, tPrev, () -> noise))
        .xPrev();
  }

  private void same(InGraph inGraph, InDouble inDouble) {
    float[] given =
        Graphs.run(
            tf ->
                inGraph.of(
                    new ForwardProcess(new Coefficients(tf, SCHEDULE)),
                    images(tf, x),
                    images(tf, x0),
                    images(tf, epsilon),
                    t(tf, T),
                    t(tf, T_PREV)));
    assertEquals(x.length, given.length);
    for (int i = 0; i < given.length; i++) {
      int t = T[i / ROW];
      int tPrev = T_PREV[i / ROW];
      double expected = inDouble.of(x[i], x0[i], epsilon[i], t, tPrev);
      // x0Hat at t = 999 is x divided by 0.006, so errors are relative to what is divided.
      double size = Math.max(Math.abs(expected), 1e-4);
      assertEquals(expected, given[i], 2e-5 * size, "t " + t + " tPrev " + tPrev);
    }
  }

  private static Expr images(Ops tf, float[] values) {
    return new Expr(tf, tf.constantOf(Floats.tensor(values, T.length, 2, 1, 2)));
  }

  private static Operand<TInt32> t(Ops tf, int[] values) {
    return tf.constant(values);
  }

  private static float[] random(long seed, double deviation) {
    Random random = new Random(seed);
    float[] values = new float[T.length * ROW];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (deviation * random.nextGaussian());
    }
    return values;
  }
}
