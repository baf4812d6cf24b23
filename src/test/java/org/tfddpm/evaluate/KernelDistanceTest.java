package org.tfddpm.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class KernelDistanceTest {
  private static final int DIMENSION = 4;

  private static Vectors normal(int count, double mean, double deviation, Random random) {
    float[] values = new float[count * DIMENSION];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (mean + deviation * random.nextGaussian());
    }
    return new Vectors(values, DIMENSION);
  }

  @Test
  void twoPairsAreSummedByHand() {
    Vectors x = new Vectors(new float[] {1, 2}, 1);
    Vectors y = new Vectors(new float[] {0, 3}, 1);
    // k(1,2) = 27, k(0,3) = 1; k(1,0) = 1, k(1,3) = 64, k(2,0) = 1, k(2,3) = 343
    assertEquals(
        27 + 1 - 2 * (1 + 64 + 1 + 343) / 4.0, KernelDistance.squaredDiscrepancy(x, y), 1e-12);
  }

  @Test
  void isUnbiasedForSetsOfEverySize() {
    for (int size : new int[] {3, 12}) {
      Random random = new Random(size);
      double[] values = new double[4000];
      for (int i = 0; i < values.length; i++) {
        values[i] =
            KernelDistance.squaredDiscrepancy(
                normal(size, 0.5, 1, random), normal(size, 0.5, 1, random));
      }
      Estimate estimate = Estimate.withStandardError(values);
      assertTrue(Math.abs(estimate.mean()) < 4 * estimate.deviation(), size + ": " + estimate);
      // Leaving the diagonals in would add twice the mean of k(x,x) - k(x,y), more than 20 / size.
      assertTrue(estimate.deviation() < 1.0 / size, size + ": " + estimate);
    }
  }

  /** E k(x,x') - 2 E k(x,y) + E k(y,y') of N(a,I), N(b,I): polynomials in the means. */
  @Test
  void theDistanceOfTwoNormalDistributionsIsFound() {
    double a = 0;
    double b = 0.5;
    double expected = expected(a, a) + expected(b, b) - 2 * expected(a, b);
    Random random = new Random(1);
    Estimate estimate =
        KernelDistance.between(normal(20_000, a, 1, random), normal(30_000, b, 1, random));
    assertTrue(estimate.deviation() < 0.03 * expected, estimate.toString());
    assertEquals(expected, estimate.mean(), 4 * estimate.deviation());
  }

  /**
   * E (s/d + 1)^3 for s = x.y: its moments are those of a sum of d independent products of normals
   * with variance 1.
   */
  private static double expected(double a, double b) {
    double mean = a * b;
    double variance = (a * a + 1) * (b * b + 1) - mean * mean;
    double third = (a * a * a + 3 * a) * (b * b * b + 3 * b);
    double centralThird = third - 3 * mean * variance - mean * mean * mean;
    double m = mean + 1;
    double v = variance / DIMENSION;
    return m * m * m + 3 * m * v + centralThird / (DIMENSION * DIMENSION);
  }

  @Test
  void theStandardErrorIsThatOfTheMean() {
    Random random = new Random(2);
    double[] means = new double[60];
    double errors = 0;
    for (int i = 0; i < means.length; i++) {
      Estimate estimate =
          KernelDistance.between(normal(200, 0, 1, random), normal(200, 1, 1, random));
      means[i] = estimate.mean();
      errors += estimate.deviation() / means.length;
    }
    double spread = Estimate.withStandardDeviation(means).deviation();
    assertEquals(1, errors / spread, 0.35);
  }

  @Test
  void fewVectorsGiveNoStandardError() {
    Random random = new Random(3);
    assertThrows(
        IllegalArgumentException.class,
        () -> KernelDistance.between(normal(3, 0, 1, random), normal(9, 0, 1, random)));
    assertTrue(
        Double.isFinite(
            KernelDistance.between(normal(4, 0, 1, random), normal(9, 0, 1, random)).deviation()));
  }
}
