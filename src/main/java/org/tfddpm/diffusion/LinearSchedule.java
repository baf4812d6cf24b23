package org.tfddpm.diffusion;

/** beta rises linearly: 1e-4 to 0.02 for T = 1000 in Ho et al. 2020, section 4. */
public final class LinearSchedule {
  private LinearSchedule() {}

  /**
   * The schedule.
   *
   * @param steps T, at least 1
   * @param start beta at t = 0, in (0,1)
   * @param end beta at t = T-1, in (0,1)
   */
  public static Schedule of(int steps, double start, double end) {
    double[] beta = new double[steps];
    for (int t = 0; t < steps; t++) {
      beta[t] = steps == 1 ? start : start + (end - start) * t / (steps - 1);
    }
    return Schedule.ofBetas(beta);
  }
}
