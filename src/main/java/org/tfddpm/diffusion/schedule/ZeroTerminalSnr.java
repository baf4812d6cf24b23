package org.tfddpm.diffusion.schedule;

/**
 * A schedule moved so that nothing of x_0 is left at its last step, as sampling takes it to be:
 * sqrt(alphaBar) is shifted to 0 at T-1 and stretched to stay what it was at 0 (Lin et al. 2024,
 * algorithm 1).
 */
public final class ZeroTerminalSnr {
  private ZeroTerminalSnr() {}

  /** The schedule so moved; a schedule of one step becomes noise alone. */
  public static Schedule of(Schedule schedule) {
    int last = schedule.steps() - 1;
    double from = Math.sqrt(schedule.alphaBar(0));
    double to = Math.sqrt(schedule.alphaBar(last));
    double[] alphaBar = new double[schedule.steps()];
    for (int t = 0; t < last; t++) {
      double root = (Math.sqrt(schedule.alphaBar(t)) - to) * from / (from - to);
      alphaBar[t] = root * root;
    }
    return Schedule.ofAlphaBars(alphaBar);
  }
}
