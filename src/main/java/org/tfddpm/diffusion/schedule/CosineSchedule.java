package org.tfddpm.diffusion.schedule;

/**
 * alphaBar falls as the square of a cosine, slowly at both ends: alphaBar(t) = f(t)/f(0) with f(t)
 * = cos^2((t/T + s)/(1 + s) pi/2), s = 0.008, and beta clipped at 0.999 (Nichol &amp; Dhariwal
 * 2021, eq. 17; their t = 1 ... T is t + 1 here).
 */
public final class CosineSchedule {
  private static final double OFFSET = 0.008;
  private static final double LARGEST_BETA = 0.999;

  private CosineSchedule() {}

  /**
   * The schedule.
   *
   * @param steps T, at least 1
   */
  public static Schedule of(int steps) {
    double[] beta = new double[steps];
    for (int t = 0; t < steps; t++) {
      beta[t] = Math.min(1 - f(t + 1, steps) / f(t, steps), LARGEST_BETA);
    }
    return Schedule.ofBetas(beta);
  }

  private static double f(int t, int steps) {
    double root = Math.cos(((double) t / steps + OFFSET) / (1 + OFFSET) * Math.PI / 2);
    return root * root;
  }
}
