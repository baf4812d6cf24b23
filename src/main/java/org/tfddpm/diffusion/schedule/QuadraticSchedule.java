package org.tfddpm.diffusion.schedule;

/** The root of beta rises linearly: the "quad" of Ho et al. 2020's program. */
public final class QuadraticSchedule {
  private QuadraticSchedule() {}

  /**
   * The schedule.
   *
   * @param steps T, at least 1
   * @param start beta at t = 0, in (0,1)
   * @param end beta at t = T-1, in (0,1)
   */
  public static Schedule of(int steps, double start, double end) {
    double[] beta = Schedule.evenly(steps, Math.sqrt(start), Math.sqrt(end));
    for (int t = 0; t < steps; t++) {
      beta[t] *= beta[t];
    }
    return Schedule.ofBetas(beta);
  }
}
