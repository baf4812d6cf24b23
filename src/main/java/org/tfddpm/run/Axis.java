package org.tfddpm.run;

import java.util.ArrayList;
import java.util.List;

/**
 * One direction of a plot.
 *
 * @param name what is measured, with its unit
 * @param logarithmic equal ratios have equal lengths; only numbers above 0 are shown
 */
public record Axis(String name, boolean logarithmic) {
  /** Few enough that their numbers do not touch. */
  private static final int MOST_TICKS = 8;

  private static final double DECADE = 10;

  /** A stretch of the axis, in its own numbers. */
  record Range(double least, double most) {}

  /** Whether a number can be shown. */
  boolean shows(double value) {
    return Double.isFinite(value) && (!logarithmic || value > 0);
  }

  /** Where a number lies: 0 at the beginning of the range, 1 at its end. */
  double at(double value, Range range) {
    return (scaled(value) - scaled(range.least())) / (scaled(range.most()) - scaled(range.least()));
  }

  /** A range a little larger than some numbers, of which at least one can be shown. */
  Range around(List<Double> values) {
    double least = scaled(values.stream().filter(this::shows).min(Double::compare).orElse(1.0));
    double most = scaled(values.stream().filter(this::shows).max(Double::compare).orElse(1.0));
    double more = most > least ? (most - least) * 0.06 : 0.5;
    return new Range(unscaled(least - more), unscaled(most + more));
  }

  /** Round numbers in a range, rising. */
  List<Double> ticks(Range range) {
    // Over less than a decade, equal steps are the more numbers.
    return logarithmic && range.most() / range.least() > DECADE
        ? logarithmicTicks(range)
        : linearTicks(range);
  }

  private static List<Double> linearTicks(Range range) {
    double rough = (range.most() - range.least()) / MOST_TICKS;
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    double step = 10 * power;
    for (double factor : new double[] {5, 2, 1}) {
      step = factor * power >= rough ? factor * power : step;
    }
    List<Double> ticks = new ArrayList<>();
    for (long i = (long) Math.ceil(range.least() / step); i * step <= range.most(); i++) {
      ticks.add(i * step);
    }
    return ticks;
  }

  /**
   * 1, 2, 5, 10 ...; powers of ten only, or every second, third ... of them, where that is too
   * many.
   */
  private static List<Double> logarithmicTicks(Range range) {
    int first = (int) Math.floor(Math.log10(range.least()));
    int last = (int) Math.ceil(Math.log10(range.most()));
    double[] factors =
        Math.log10(range.most() / range.least()) <= 2.7 ? new double[] {1, 2, 5} : new double[] {1};
    int stride = 1 + (last - first) / MOST_TICKS;
    List<Double> ticks = new ArrayList<>();
    for (int power = Math.floorDiv(first, stride) * stride; power <= last; power += stride) {
      for (double factor : factors) {
        double tick = factor * Math.pow(10, power);
        if (tick >= range.least() && tick <= range.most()) {
          ticks.add(tick);
        }
      }
    }
    return ticks;
  }

  private double scaled(double value) {
    return logarithmic ? Math.log10(value) : value;
  }

  private double unscaled(double value) {
    return logarithmic ? Math.pow(10, value) : value;
  }
}
