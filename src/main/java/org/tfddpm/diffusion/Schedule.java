package org.tfddpm.diffusion;

/**
 * The forward process in numbers: beta_t for t = 0 ... T-1 and what follows from them, all in
 * double. {@code t = -1} stands for x_0 itself, where alphaBar is 1.
 *
 * <p>q(x_t|x_{t-1}) = N(sqrt(1-beta_t) x_{t-1}, beta_t I); alpha_t = 1 - beta_t; alphaBar_t is the
 * product of alpha_0 ... alpha_t (Ho et al. 2020, eq. 2 and 4, where t counts from 1).
 */
public final class Schedule {
  private final double[] beta;
  private final double[] alphaBar;

  private Schedule(double[] beta) {
    this.beta = beta.clone();
    this.alphaBar = new double[beta.length];
    double product = 1;
    for (int t = 0; t < beta.length; t++) {
      product *= 1 - beta[t];
      alphaBar[t] = product;
    }
  }

  /**
   * The schedule of these betas, each in (0,1).
   *
   * @throws IllegalArgumentException if there is none, or one is out of range
   */
  public static Schedule ofBetas(double[] beta) {
    if (beta.length == 0) {
      throw new IllegalArgumentException("a schedule has at least one step");
    }
    for (int t = 0; t < beta.length; t++) {
      if (!(beta[t] > 0 && beta[t] < 1)) {
        throw new IllegalArgumentException("beta[" + t + "] = " + beta[t] + " is not in (0,1)");
      }
    }
    return new Schedule(beta);
  }

  /** T, the number of steps. */
  public int steps() {
    return beta.length;
  }

  /** beta_t for t in 0 ... T-1. */
  public double beta(int t) {
    return beta[t];
  }

  /** alphaBar_t for t in -1 ... T-1; 1 for t = -1. */
  public double alphaBar(int t) {
    return t < 0 ? 1 : alphaBar[t];
  }

  /**
   * (1 - alphaBar_t) / alphaBar_t: the variance of the noise for a signal of variance 1, the
   * reciprocal of the signal-to-noise ratio; 0 for t = -1.
   *
   * <p>It grows by a sizable factor at each step of any schedule, so ratios of it keep their digits
   * in float32 at both ends, where alphaBar itself is nearly 1 or nearly 0.
   */
  public double noiseToSignal(int t) {
    return (1 - alphaBar(t)) / alphaBar(t);
  }

  /**
   * The variance of the forward posterior q(x_{t-1}|x_t,x_0), betaTilde_t = (1-alphaBar_{t-1}) /
   * (1-alphaBar_t) beta_t (Ho et al. 2020, eq. 7), for t in 0 ... T-1; 0 for t = 0.
   */
  public double betaTilde(int t) {
    return (1 - alphaBar(t - 1)) / (1 - alphaBar(t)) * beta[t];
  }
}
