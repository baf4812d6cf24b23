package org.tfddpm.diffusion.schedule;

/**
 * beta rises linearly over the first part of the steps, then stays: the "warmup10" and "warmup50"
 * of Ho et al. 2020's program.
 */
public final class WarmupSchedule {
  private WarmupSchedule() {}

  /**
   * The schedule.
   *
   * @param steps T, at least 1
   * @param start beta at t = 0, in (0,1)
   * @param end beta of all steps after the first floor(T part), and of the last of these
   * @param part in 0 ... 1
   */
  public static Schedule of(int steps, double start, double end, double part) {
    double[] rising = Schedule.evenly((int) (steps * part), start, end);
    double[] beta = new double[steps];
    for (int t = 0; t < steps; t++) {
      beta[t] = t < rising.length ? rising[t] : end;
    }
    return Schedule.ofBetas(beta);
  }
}
