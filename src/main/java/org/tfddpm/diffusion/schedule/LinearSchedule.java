package org.tfddpm.diffusion.schedule;

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
    return Schedule.ofBetas(Schedule.evenly(steps, start, end));
  }
}
