package org.tfddpm.diffusion.schedule;

/**
 * c_t, the mean variance of x_0 given x_t: what x0Hat misses on average, mean squares in [-1,1].
 *
 * <p>c_t = noiseToSignal_t (1 - m_t) with m_t = E||epsilonHat(x_t,t)||^2/d (Bao et al. 2022, proof
 * of theorem 1, whose (1-alphaBar_t) E||score||^2/d is m_t). Estimates of m_t are noisy, and c_t of
 * images in [-1,1] is in 0 ... 1: it is clipped to that, as their theorem 2 does.
 */
public final class X0Variance {
  private final double[] meanSquares;

  /**
   * Of these estimates.
   *
   * @param meanSquares m_t for t = 0 ... T-1
   */
  public X0Variance(double... meanSquares) {
    this.meanSquares = meanSquares.clone();
  }

  /** c_t for t in -1 ... T-1; 0 for t = -1. */
  public double at(Schedule schedule, int t) {
    if (t < 0) {
      return 0;
    }
    double unexplained = Math.max(0, 1 - meanSquares[t]);
    // Pure noise tells nothing of x_0.
    return schedule.alphaBar(t) == 0 ? 1 : Math.min(1, schedule.noiseToSignal(t) * unexplained);
  }
}
