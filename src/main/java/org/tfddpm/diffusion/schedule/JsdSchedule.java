package org.tfddpm.diffusion.schedule;

/**
 * beta = 1/(T-t), which takes an equal share of the signal's variance at each step: alphaBar_t = 1
 * - (t+1)/T, and nothing of x_0 is left in the last (Sohl-Dickstein et al. 2015, section 2.4.1,
 * where t counts from 1; the "jsd" of Ho et al. 2020's program).
 */
public final class JsdSchedule {
  private JsdSchedule() {}

  /**
   * The schedule.
   *
   * @param steps T, at least 1
   */
  public static Schedule of(int steps) {
    double[] beta = new double[steps];
    for (int t = 0; t < steps; t++) {
      beta[t] = 1.0 / (steps - t);
    }
    return Schedule.ofBetas(beta);
  }
}
