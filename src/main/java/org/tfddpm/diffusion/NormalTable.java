package org.tfddpm.diffusion;

/**
 * 4096 quantiles of the standard normal distribution, those of the probabilities (i + 1/2) / 4096.
 * A fifth of each is rounded to a multiple of 2^-17, so that sums of multiples are exact in
 * float32. The two outermost at each end are set so that the table's variance is 1 and its fourth
 * moment 3, as the normal distribution's are: quantiles alone fall short in the tails.
 */
final class NormalTable {
  private static final int SIZE = 4096;
  private static final double UNIT = 1.0 / (1 << 17);
  private static final int OUTER = 86544;
  private static final int OUTERMOST = 100234;
  private static final int[] FIFTHS = fifths();

  private NormalTable() {}

  /** weight/5 times the quantiles, rising. */
  static float[] times(int weight) {
    float[] values = new float[SIZE];
    for (int i = 0; i < SIZE; i++) {
      values[i] = (float) (weight * FIFTHS[i] * UNIT);
    }
    return values;
  }

  private static int[] fifths() {
    int[] fifths = new int[SIZE];
    double quantile = 0;
    for (int i = SIZE / 2; i < SIZE; i++) {
      if (i < SIZE - 2) {
        quantile = quantile((i + 0.5) / SIZE, quantile);
        fifths[i] = (int) Math.rint(quantile / 5 / UNIT);
      } else {
        fifths[i] = i == SIZE - 2 ? OUTER : OUTERMOST;
      }
      fifths[SIZE - 1 - i] = -fifths[i];
    }
    return fifths;
  }

  /** By Newton's method, from the quantile of a slightly smaller probability. */
  private static double quantile(double probability, double near) {
    double x = near;
    for (int i = 0; i < 6; i++) {
      x -= (cumulative(x) - probability) / density(x);
    }
    return x;
  }

  private static double density(double x) {
    return Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
  }

  /**
   * 1/2 + density(x) (x + x^3/3 + x^5/(3 5) + x^7/(3 5 7) + ...); Marsaglia, Evaluating the Normal
   * Distribution, 2004.
   */
  private static double cumulative(double x) {
    double sum = x;
    double term = x;
    for (int i = 3; term > sum * 1e-17; i += 2) {
      term *= x * x / i;
      sum += term;
    }
    return 0.5 + density(x) * sum;
  }
}
