package org.tfddpm.diffusion.schedule;

/**
 * The noise levels of score models, each larger than the one before by the same factor: x_0 +
 * sigma_t epsilon with sigma_t = sigmaMin (sigmaMax/sigmaMin)^(t/(T-1)) (Song &amp; Ermon 2019,
 * section 4.1; Song et al. 2021, appendix C). Divided by sqrt(1 + sigma_t^2) that is a forward
 * process of alphaBar_t = 1/(1 + sigma_t^2).
 */
public final class GeometricSchedule {
  private GeometricSchedule() {}

  /**
   * The schedule.
   *
   * @param steps T, at least 1
   * @param sigmaMin sigma at t = 0, above 0
   * @param sigmaMax sigma at t = T-1, above sigmaMin
   */
  public static Schedule of(int steps, double sigmaMin, double sigmaMax) {
    double[] alphaBar = Schedule.evenly(steps, Math.log(sigmaMin), Math.log(sigmaMax));
    for (int t = 0; t < steps; t++) {
      alphaBar[t] = 1 / (1 + Math.exp(2 * alphaBar[t]));
    }
    return Schedule.ofAlphaBars(alphaBar);
  }
}
