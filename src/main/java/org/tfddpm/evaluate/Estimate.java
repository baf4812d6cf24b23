package org.tfddpm.evaluate;

import java.util.Arrays;
import java.util.Map;

/**
 * A mean over parts of the images, and how far to trust it.
 *
 * @param mean over the parts
 * @param deviation what it is, the statistic says: the standard error of the mean, or the standard
 *     deviation of the parts
 */
public record Estimate(double mean, double deviation) {
  /** With the standard error of the mean of independent values, s / sqrt(n). */
  static Estimate withStandardError(double[] values) {
    double mean = mean(values);
    return new Estimate(
        mean, Math.sqrt(squares(values, mean) / (values.length - 1) / values.length));
  }

  /** With the standard deviation of the values, the root of their mean squared deviation. */
  static Estimate withStandardDeviation(double[] values) {
    double mean = mean(values);
    return new Estimate(mean, Math.sqrt(squares(values, mean) / values.length));
  }

  /** Puts the mean as a name, and the deviation as the name with _standard_error. */
  public void put(Map<String, Object> json, String name) {
    json.put(name, mean);
    json.put(name + "_standard_error", deviation);
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  private static double squares(double[] values, double mean) {
    return Arrays.stream(values).map(value -> (value - mean) * (value - mean)).sum();
  }
}
