package org.tfddpm.diffusion.schedule;

/** beta rises as a sigmoid between -6 and 6: the "sigmoid" of Song et al. 2020's (DDIM) program. */
public final class SigmoidSchedule {
  private static final double REACH = 6;

  private SigmoidSchedule() {}

  /**
   * The schedule.
   *
   * @param steps T, at least 1
   * @param low what beta rises from, in (0,1)
   * @param high what it rises to, in (0,1)
   */
  public static Schedule of(int steps, double low, double high) {
    double[] beta = Schedule.evenly(steps, -REACH, REACH);
    for (int t = 0; t < steps; t++) {
      beta[t] = low + (high - low) / (1 + Math.exp(-beta[t]));
    }
    return Schedule.ofBetas(beta);
  }
}
