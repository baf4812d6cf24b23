package org.tfddpm.diffusion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tfddpm.diffusion.schedule.LinearSchedule;
import org.tfddpm.diffusion.schedule.Schedule;
import org.tfddpm.testing.Floats;
import org.tfddpm.testing.Graphs;

/** The losses and the learned variances against plain loops in double. */
class LossTest {
  private static final Schedule SCHEDULE = LinearSchedule.of(1000, 1e-4, 0.02);
  private static final Doubles EXACT = new Doubles(SCHEDULE);
  private static final int[] T = {999, 500, 100, 9, 1, 0};
  private static final int ROW = 4;

  private final float[] x0 = levels();
  private final float[] epsilon = normal(2, 1);

  /** What the network gives: nearly the noise, and for the variance a number in about [-1,1]. */
  private final float[] output = nearly(epsilon);

  private final float[] forVariance = normal(4, 0.5);

  @Test
  void simpleLossIsTheMeanSquare() {
    same(
        new EpsilonPrediction(),
        ReverseVariance.BETA,
        Loss.SIMPLE,
        i -> Math.pow((double) output[i] - epsilon[i], 2));
  }

  @Test
  void minSnrLossHasTheWeightsOfThePaper() {
    double gamma = 5;
    Map<Prediction, DoubleUnaryOperator> weights =
        Map.of(
            new EpsilonPrediction(), snr -> Math.min(snr, gamma) / snr,
            new X0Prediction(), snr -> Math.min(snr, gamma),
            new VPrediction(), snr -> Math.min(snr, gamma) / (snr + 1));
    weights.forEach(
        (prediction, weight) ->
            same(
                prediction,
                ReverseVariance.BETA,
                new MinSnrLoss(gamma),
                i -> {
                  double alphaBar = EXACT.alphaBar(T[i / ROW]);
                  double snr = alphaBar / (1 - alphaBar);
                  double missed = target(prediction, i) - output[i];
                  return weight.applyAsDouble(snr) * missed * missed;
                }));
  }

  @Test
  void boundIsTheKlOfGaussiansAndTheDecoderInBits() {
    same(
        new EpsilonPrediction(),
        ReverseVariance.BETA,
        new VlbLoss(),
        i -> 1000 * term(i, Math.log(EXACT.beta(T[i / ROW], T[i / ROW] - 1))));
    same(
        new EpsilonPrediction(),
        ReverseVariance.BETA_TILDE,
        new VlbLoss(),
        i -> 1000 * term(i, Math.log(betaTilde(T[i / ROW]))));
  }

  @Test
  void hybridIsSimpleAndAThousandthOfTheBoundWithALearnedVariance() {
    same(
        new EpsilonPrediction(),
        new LearnedRange(),
        new HybridLoss(),
        i -> {
          double v = (forVariance[i] + 1) / 2;
          int t = T[i / ROW];
          double log = v * Math.log(EXACT.beta(t, t - 1)) + (1 - v) * Math.log(betaTilde(t));
          return Math.pow((double) output[i] - epsilon[i], 2) + 0.001 * 1000 * term(i, log);
        });
    same(
        new EpsilonPrediction(),
        new LearnedDiagonal(),
        new HybridLoss(),
        i -> Math.pow((double) output[i] - epsilon[i], 2) + 0.001 * 1000 * term(i, forVariance[i]));
  }

  /** Over longer steps the range is between the longer steps' bounds. */
  @Test
  void learnedVariancesOfLongerSteps() {
    int[] t = {999, 500, 100, 9, 1, 0};
    int[] tPrev = {900, 400, 0, 3, 0, -1};
    for (boolean range : new boolean[] {true, false}) {
      ReverseVariance variance = range ? new LearnedRange() : new LearnedDiagonal();
      float[] given =
          Graphs.run(
              tf ->
                  variance.log(
                      new ForwardProcess(new Coefficients(tf, SCHEDULE)),
                      tf.constant(t),
                      tf.constant(tPrev),
                      images(tf, forVariance)));
      for (int i = 0; i < given.length; i++) {
        int from = t[i / ROW];
        int to = tPrev[i / ROW];
        double tilde = to < 0 ? betaTilde(from) : EXACT.betaTilde(from, to);
        double v = (forVariance[i] + 1) / 2;
        double expected =
            range
                ? v * Math.log(EXACT.beta(from, to)) + (1 - v) * Math.log(tilde)
                : forVariance[i] + Math.log(tilde / betaTilde(from));
        assertEquals(expected, given[i], 2e-5 * Math.abs(expected) + 1e-5);
      }
    }
  }

  /** L_vlb moves the variance and not the mean; L_simple the mean alone. */
  @Test
  void hybridTrainsTheMeanBySimpleAlone() {
    float[][] hybrid = gradients(new HybridLoss(), new LearnedRange());
    float[][] simple = gradients(Loss.SIMPLE, ReverseVariance.BETA);
    assertTrue(Floats.largestDifference(simple[0], hybrid[0]) < 1e-7);
    float[][] bound = gradients(new VlbLoss(), new LearnedRange());
    assertTrue(Floats.largestDifference(simple[0], bound[0]) > 1e-3);
    for (int i = 0; i < x0.length; i++) {
      assertEquals(0.001 * bound[1][i], hybrid[1][i], 1e-5 * Math.abs(hybrid[1][i]) + 1e-9);
    }
  }

  @Test
  void priorTermIsThePublishedNumber() {
    // Images whose mean square is .27: 7.86e-06 bits per dimension.
    float[] image = {(float) Math.sqrt(0.27), (float) -Math.sqrt(0.27), 0.27f, 0};
    image[2] = (float) Math.sqrt(0.27);
    image[3] = image[1];
    float[] given =
        Graphs.run(
            tf ->
                VariationalBound.prior(
                    new ForwardProcess(new Coefficients(tf, SCHEDULE)),
                    new Expr(tf, tf.constantOf(Floats.tensor(image, 1, 2, 1, 2))),
                    tf.array(999)));
    assertEquals(7.86e-6, given[0], 0.005e-6);
  }

  /** The levels of a pixel share the whole mass between them. */
  @Test
  void decoderGivesAllLevelsTogetherTheMassOne() {
    float[] all = new float[256];
    for (int i = 0; i < 256; i++) {
      all[i] = i / 127.5f - 1;
    }
    for (double mean : new double[] {-1, -0.3, 0.999}) {
      float[] logs =
          Graphs.run(
              tf ->
                  VariationalBound.logLikelihood(
                      new Expr(tf, tf.constantOf(Floats.tensor(all, 256, 1, 1, 1))),
                      Expr.of(tf, mean),
                      Expr.of(tf, Math.log(0.01))));
      double mass = 0;
      for (float log : logs) {
        mass += Math.exp(log);
      }
      assertEquals(1, mass, 1e-4);
    }
  }

  private interface OfElement {
    double of(int i);
  }

  private void same(Prediction prediction, ReverseVariance variance, Loss loss, OfElement exact) {
    float[] given =
        Graphs.run(tf -> loss.of(example(tf, prediction, variance, output(tf, variance))));
    assertEquals(T.length, given.length);
    for (int row = 0; row < T.length; row++) {
      double sum = 0;
      for (int i = row * ROW; i < (row + 1) * ROW; i++) {
        sum += exact.of(i) / ROW;
      }
      // A term of the bound is a difference of numbers near 1, and T of them are summed.
      double rounding = loss instanceof VlbLoss ? 1000 * 5e-7 : 0;
      assertEquals(sum, given[row], 1e-4 * sum + rounding, "t " + T[row]);
    }
  }

  private Loss.Example example(
      Ops tf, Prediction prediction, ReverseVariance variance, Expr given) {
    ForwardProcess q = new ForwardProcess(new Coefficients(tf, SCHEDULE));
    ReverseProcess p = new ReverseProcess(q, prediction, variance, (x, t) -> given);
    return Loss.Example.of(p, images(tf, x0), tf.constant(T), images(tf, epsilon));
  }

  private Expr output(Ops tf, ReverseVariance variance) {
    Expr mean = images(tf, output);
    return variance.isLearned()
        ? new Expr(tf, tf.concat(List.of(mean, images(tf, forVariance)), tf.constant(3)))
        : mean;
  }

  /** Gradients of the mean loss: of the output for the mean, and of that for the variance. */
  private float[][] gradients(Loss loss, ReverseVariance variance) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Expr given = output(tf, variance);
      Expr mean = loss.of(example(tf, new EpsilonPrediction(), variance, given)).mean();
      Output<?> gradient =
          graph.addGradients(mean.asOutput(), new Output<?>[] {given.asOutput()})[0];
      try (Session session = new Session(graph);
          Result result = session.runner().fetch(gradient).run()) {
        float[] all = Floats.of(result.get(0));
        if (!variance.isLearned()) {
          return new float[][] {all};
        }
        float[][] halves = new float[2][x0.length];
        // [N,2,1,2C]: two channels of the mean, then two of the variance.
        for (int i = 0; i < x0.length; i++) {
          halves[0][i] = all[i / 2 * 4 + i % 2];
          halves[1][i] = all[i / 2 * 4 + 2 + i % 2];
        }
        return halves;
      }
    }
  }

  /** A term of the bound of one element, in bits. */
  private double term(int i, double logVariance) {
    int t = T[i / ROW];
    double variance = Math.exp(logVariance);
    double xt = EXACT.qSample(x0[i], t, epsilon[i]);
    double mean = EXACT.posteriorMean(EXACT.x0(xt, t, output[i]), xt, t, t - 1);
    if (t == 0) {
      double deviation = Math.sqrt(variance);
      double upTo = x0[i] > 0.999 ? 1 : cumulative((x0[i] + 1 / 255.0 - mean) / deviation);
      double from = x0[i] < -0.999 ? 0 : cumulative((x0[i] - 1 / 255.0 - mean) / deviation);
      return -Math.log(Math.max(upTo - from, 1e-12)) / Math.log(2);
    }
    double trueMean = EXACT.posteriorMean(x0[i], xt, t, t - 1);
    double trueVariance = EXACT.betaTilde(t, t - 1);
    double apart = (mean - trueMean) * (mean - trueMean);
    double kl = (logVariance - Math.log(trueVariance) + (trueVariance + apart) / variance - 1) / 2;
    return kl / Math.log(2);
  }

  /** Of the first step, which has none, that of the second. */
  private static double betaTilde(int t) {
    return t == 0 ? EXACT.betaTilde(1, 0) : EXACT.betaTilde(t, t - 1);
  }

  /** By the midpoint rule. */
  private static double cumulative(double z) {
    double sum = 0;
    int pieces = 100_000;
    double width = (z + 9) / pieces;
    for (int i = 0; i < pieces; i++) {
      double at = -9 + (i + 0.5) * width;
      sum += Math.exp(-at * at / 2) * width;
    }
    return sum / Math.sqrt(2 * Math.PI);
  }

  private double target(Prediction prediction, int i) {
    double alphaBar = EXACT.alphaBar(T[i / ROW]);
    if (prediction instanceof EpsilonPrediction) {
      return epsilon[i];
    }
    return prediction instanceof X0Prediction
        ? x0[i]
        : Math.sqrt(alphaBar) * epsilon[i] - Math.sqrt(1 - alphaBar) * x0[i];
  }

  private static Expr images(Ops tf, float[] values) {
    return new Expr(tf, tf.constantOf(Floats.tensor(values, T.length, 2, 1, 2)));
  }

  private static float[] nearly(float[] values) {
    float[] moved = normal(3, 0.1);
    for (int i = 0; i < moved.length; i++) {
      moved[i] += values[i];
    }
    return moved;
  }

  /** Pixels of 256 levels, the outermost among them. */
  private static float[] levels() {
    float[] values = new float[T.length * ROW];
    for (int i = 0; i < values.length; i++) {
      int level = i % ROW == 0 ? 0 : i % ROW == 1 ? 255 : 37 * i % 256;
      values[i] = level / 127.5f - 1;
    }
    return values;
  }

  private static float[] normal(long seed, double deviation) {
    Random random = new Random(seed);
    float[] values = new float[T.length * ROW];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (deviation * random.nextGaussian());
    }
    return values;
  }
}
