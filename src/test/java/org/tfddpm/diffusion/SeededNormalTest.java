package org.tfddpm.diffusion;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TInt32;
import org.tfddpm.testing.Floats;

/**
 * The noise: its exact values, and its statistics over thousands of seeds. The bounds are five
 * standard deviations of the statistic of true normal noise (six where tens of thousands of them
 * are looked at), and everything is deterministic: what passes once passes always.
 */
class SeededNormalTest {
  private static final int SIDE = 16;
  private static final int CHANNELS = 3;
  private static final int ELEMENTS = SIDE * SIDE * CHANNELS;
  private static final int SEEDS = 3000;
  private static final double FIVE_SIGMA = 5;
  private static final float[] THREE_FIFTHS = NormalTable.times(3);
  private static final float[] FOUR_FIFTHS = NormalTable.times(4);

  /** The noise of seeds in one draw, a row a seed. */
  private static float[][] noise(int[] seeds, int[] draws, int height, int width, int channels) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Placeholder<TInt32> seed = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(-1)));
      Placeholder<TInt32> draw = tf.placeholder(TInt32.class);
      Expr noise = SeededNormal.of(tf, seed, draw, height, width, channels);
      try (Session session = new Session(graph);
          TInt32 s = TInt32.vectorOf(seeds);
          TInt32 d = draws.length == 1 ? TInt32.scalarOf(draws[0]) : TInt32.vectorOf(draws);
          Result result = session.runner().feed(seed, s).feed(draw, d).fetch(noise.value()).run()) {
        float[] all = Floats.of(result.get(0));
        int row = height * width * channels;
        return IntStream.range(0, seeds.length)
            .mapToObj(i -> Arrays.copyOfRange(all, i * row, (i + 1) * row))
            .toArray(float[][]::new);
      }
    }
  }

  private static float[][] noise(int[] seeds, int... draws) {
    return noise(seeds, draws, SIDE, SIDE, CHANNELS);
  }

  private static int[] seeds(int first) {
    return IntStream.range(first, first + SEEDS).toArray();
  }

  // The definition in whole numbers, as a client in any language would write it.

  private static int mix(int x, int key) {
    int p = x * (4095 + key - x);
    return p - (p >> 8);
  }

  private static float exact(int seed, int draw, int element) {
    int[] w = new int[21];
    w[0] = seed >> 12;
    w[1] = seed & 4095;
    w[2] = draw >> 12;
    w[3] = draw & 4095;
    for (int i = 0; i < 17; i++) {
      w[i + 4] = (w[i] + 101 * (i + 1) + mix(w[i + 3], w[i + 2])) & 4095;
    }
    int left = element >> 12;
    int right = element & 4095;
    for (int j = 0; j < 8; j++) {
      int next = (left + w[12 + j] + mix(right, w[13 + j])) & 4095;
      left = right;
      right = next;
    }
    return THREE_FIFTHS[left] + FOUR_FIFTHS[right];
  }

  /** Values of an independent program, as multiples of 2^-17. */
  @ParameterizedTest
  @CsvSource({
    "0, 0, 0, -18248",
    "0, 0, 1, 169192",
    "0, 1, 0, 173657",
    "1, 0, 0, 125463",
    "1, 2, 3, -102006",
    "3, 2, 1, -40115",
    "2, 1, 3, 3153",
    "0, 0, 4096, -147340",
    "4095, 4095, 4095, -39484",
    "4096, 4096, 4096, -89460",
    "16777215, 0, 0, 83228",
    "0, 16777215, 0, 173145",
    "42, 1000, 196607, -110455",
    "2711860, 3959, 29884, -100164",
    "9745341, 1541, 81565, -10941",
    "1388733, 4735, 2208, -161937",
    "2394854, 4642, 91246, 149800"
  })
  void isExactly(int seed, int draw, int element, int expected) {
    float value = expected / (float) (1 << 17);
    assertEquals(value, exact(seed, draw, element));
    assertEquals(value, noise(new int[] {seed}, new int[] {draw}, 1, element + 1, 1)[0][element]);
  }

  @Test
  void graphIsTheDefinitionInWholeNumbers() {
    int[] seeds = {0, 1, 7, 4095, 4096, 1 << 20, SeededNormal.LIMIT - 1};
    int[] draws = {0, 1, 1000, 4095, 4096, 77, SeededNormal.LIMIT - 1};
    float[][] noise = noise(seeds, draws, 64, 64, 3);
    for (int i = 0; i < seeds.length; i++) {
      float[] expected = new float[64 * 64 * 3];
      for (int e = 0; e < expected.length; e++) {
        expected[e] = exact(seeds[i], draws[i], e);
      }
      assertArrayEquals(expected, noise[i]);
    }
  }

  @Test
  void rowDependsOnItsSeedOnly() {
    float[][] together = noise(seeds(0), 3);
    assertArrayEquals(together[7], noise(new int[] {7}, 3)[0]);
    assertArrayEquals(together[7], noise(new int[] {7, 7}, 3)[1]);
    assertArrayEquals(noise(new int[] {9, 7}, 3)[1], noise(new int[] {7, 9}, 3)[0]);
  }

  /** The shape only says how the elements are laid out. */
  @Test
  void elementsAreCountedInRowMajorOrder() {
    float[] flat = noise(new int[] {5}, new int[] {2}, 1, 60, 1)[0];
    assertArrayEquals(flat, noise(new int[] {5}, new int[] {2}, 4, 5, 3)[0]);
  }

  @Test
  void tableHasTheMomentsOfTheNormalDistribution() {
    float[] q = NormalTable.times(5);
    double second = 0;
    double fourth = 0;
    for (int i = 0; i < q.length; i++) {
      assertEquals(-q[i], q[q.length - 1 - i]);
      assertTrue(i == 0 || q[i] > q[i - 1]);
      second += (double) q[i] * q[i] / q.length;
      fourth += Math.pow(q[i], 4) / q.length;
    }
    assertEquals(1, second, 1e-6);
    assertEquals(3, fourth, 1e-5);
    // Quantiles of the normal distribution, from printed tables.
    assertEquals(0.674490, (q[3071] + q[3072]) / 2, 2e-5);
    assertEquals(1.959964, 0.9 * q[3993] + 0.1 * q[3994], 1e-4);
  }

  @Test
  void moments() {
    double[] sums = new double[5];
    double beyondThree = 0;
    for (float[] row : noise(seeds(0), 0)) {
      for (float z : row) {
        double power = 1;
        for (int i = 1; i < 5; i++) {
          power *= z;
          sums[i] += power;
        }
        beyondThree += Math.abs(z) > 3 ? 1 : 0;
      }
    }
    double n = (double) SEEDS * ELEMENTS;
    assertEquals(0, sums[1] / n, FIVE_SIGMA / Math.sqrt(n));
    assertEquals(1, sums[2] / n, FIVE_SIGMA * Math.sqrt(2 / n));
    assertEquals(0, sums[3] / n, FIVE_SIGMA * Math.sqrt(15 / n));
    assertEquals(3, sums[4] / n, FIVE_SIGMA * Math.sqrt(96 / n));
    double tail = 2 * (1 - cumulative(3));
    assertEquals(tail, beyondThree / n, FIVE_SIGMA * Math.sqrt(tail / n) + 0.002 * tail);
  }

  /** Kolmogorov-Smirnov: within an image, over the seeds and over the draws. */
  @Test
  void distributionIsNormal() {
    float[][] rows = noise(seeds(1000), 0);
    // 1.95 is passed by chance once in a thousand times; 3,000 images are looked at.
    int beyond = 0;
    for (float[] row : rows) {
      beyond += kolmogorovSmirnov(row) > 1.95 ? 1 : 0;
    }
    assertTrue(beyond <= 12, () -> "images that are not normal");
    int[] draws = IntStream.range(0, SEEDS).toArray();
    float[][] later = noise(new int[SEEDS], draws);
    for (int element : new int[] {0, 1, 47, 48, 767}) {
      assertTrue(kolmogorovSmirnov(column(rows, element)) < 2.5);
      assertTrue(kolmogorovSmirnov(column(later, element)) < 2.5);
    }
  }

  /** Channels, columns and rows beside each other, and far apart, of z and of its size. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 6, 45, 48, 51, 96, 384})
  void neighboursAreIndependent(int lag) {
    float[][] rows = noise(seeds(0), 1);
    double z = 0;
    double size = 0;
    for (float[] row : rows) {
      for (int i = lag; i < ELEMENTS; i++) {
        z += (double) row[i] * row[i - lag];
        size += size(row[i]) * size(row[i - lag]);
      }
    }
    double sigma = Math.sqrt((double) SEEDS * (ELEMENTS - lag));
    assertEquals(0, z / sigma, FIVE_SIGMA);
    assertEquals(0, size / sigma, FIVE_SIGMA);
  }

  /** From one step to the next, and to steps far away. */
  @ParameterizedTest
  @CsvSource({"0, 1", "1, 2", "0, 1000", "999, 1000", "1, 4097", "20, 980"})
  void drawsAreIndependent(int one, int other) {
    independent(noise(seeds(0), one), noise(seeds(0), other));
  }

  /** Of seeds beside each other, apart by each power of two, and beside each other in time too. */
  @Test
  void seedsAreIndependent() {
    float[][] first = noise(seeds(0), 0);
    independent(first, noise(seeds(1), 0));
    independent(noise(seeds(1), 0), noise(seeds(0), 1));
    independent(noise(seeds(0), 1), noise(seeds(1), 0));
    for (int bit = 11; bit < 24; bit++) {
      independent(first, noise(seeds(1 << bit), 0));
    }
  }

  @Test
  void seedAndDrawDoNotStandForEachOther() {
    int[] numbers = seeds(3000);
    int[] one = new int[SEEDS];
    Arrays.fill(one, 17);
    independent(noise(numbers, 17), noise(one, numbers));
  }

  /** Images of different seeds are not the same noise, moved. */
  @Test
  void noImageIsAnotherOneMoved() {
    float[][] rows = noise(IntStream.range(0, 12).toArray(), 0);
    for (int one = 0; one < rows.length; one++) {
      for (int other = 0; other < one; other++) {
        for (int shift = 0; shift < ELEMENTS; shift++) {
          double sum = 0;
          for (int i = 0; i < ELEMENTS; i++) {
            sum += (double) rows[one][i] * rows[other][(i + shift) % ELEMENTS];
          }
          assertEquals(0, sum / Math.sqrt(ELEMENTS), 6);
        }
      }
    }
  }

  /** One element over the seeds, and over the draws of a seed, is white noise too. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 385, 767})
  void oneElementIsWhiteOverSeedsAndDraws(int element) {
    int[] draws = IntStream.range(0, SEEDS).toArray();
    float[] overSeeds = column(noise(seeds(0), 0), element);
    float[] overDraws = column(noise(new int[SEEDS], draws), element);
    for (int lag = 1; lag <= 64; lag++) {
      assertEquals(0, correlation(overSeeds, overSeeds, lag), FIVE_SIGMA);
      assertEquals(0, correlation(overDraws, overDraws, lag), FIVE_SIGMA);
    }
  }

  private static void independent(float[][] one, float[][] other) {
    double z = 0;
    double size = 0;
    double most = 0;
    for (int i = 0; i < SEEDS; i++) {
      double row = 0;
      for (int j = 0; j < ELEMENTS; j++) {
        row += (double) one[i][j] * other[i][j];
        size += size(one[i][j]) * size(other[i][j]);
      }
      most = Math.max(most, Math.abs(row));
      z += row;
    }
    double sigma = Math.sqrt((double) SEEDS * ELEMENTS);
    assertEquals(0, z / sigma, FIVE_SIGMA);
    assertEquals(0, size / sigma, FIVE_SIGMA);
    assertEquals(0, most / Math.sqrt(ELEMENTS), 6);
  }

  /** |z| with mean 0 and variance 1: noise can be related in its size alone. */
  private static double size(double z) {
    return (Math.abs(z) - Math.sqrt(2 / Math.PI)) / Math.sqrt(1 - 2 / Math.PI);
  }

  /** In standard deviations. */
  private static double correlation(float[] one, float[] other, int lag) {
    double sum = 0;
    for (int i = lag; i < one.length; i++) {
      sum += (double) one[i] * other[i - lag];
    }
    return sum / Math.sqrt(one.length - lag);
  }

  private static float[] column(float[][] rows, int element) {
    float[] column = new float[rows.length];
    for (int i = 0; i < rows.length; i++) {
      column[i] = rows[i][element];
    }
    return column;
  }

  /** sqrt(n) times the largest distance of the distribution function to the normal one. */
  private static double kolmogorovSmirnov(float[] values) {
    float[] sorted = values.clone();
    Arrays.sort(sorted);
    double most = 0;
    for (int i = 0; i < sorted.length; i++) {
      double normal = cumulative(sorted[i]);
      most = Math.max(most, (i + 1.0) / sorted.length - normal);
      most = Math.max(most, normal - (double) i / sorted.length);
    }
    return most * Math.sqrt(sorted.length);
  }

  /** The normal distribution function by Simpson's rule, not by the series that made the table. */
  private static double cumulative(double x) {
    int steps = 40;
    double h = x / steps;
    double sum = 0;
    for (int i = 0; i <= steps; i++) {
      double weight = i == 0 || i == steps ? 1 : i % 2 == 1 ? 4 : 2;
      sum += weight * Math.exp(-i * h * i * h / 2);
    }
    return 0.5 + sum * h / 3 / Math.sqrt(2 * Math.PI);
  }
}
