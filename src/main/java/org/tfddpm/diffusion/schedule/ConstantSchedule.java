package org.tfddpm.diffusion.schedule;

import java.util.Arrays;

/** beta is the same at every step. */
public final class ConstantSchedule {
  private ConstantSchedule() {}

  /**
   * The schedule.
   *
   * @param steps T, at least 1
   * @param beta in (0,1)
   */
  public static Schedule of(int steps, double beta) {
    double[] betas = new double[steps];
    Arrays.fill(betas, beta);
    return Schedule.ofBetas(betas);
  }
}
