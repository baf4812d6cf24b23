package org.tfddpm.diffusion.schedule;

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

  private Schedule(double[] beta, double[] alphaBar) {
    this.beta = beta;
    this.alphaBar = alphaBar;
  }

  /**
   * The schedule of these betas, each in (0,1); the last may be 1, which leaves nothing of x_0.
   *
   * @throws IllegalArgumentException if there is none, or one is out of range
   */
  public static Schedule ofBetas(double[] beta) {
    double[] alphaBar = new double[beta.length];
    double product = 1;
    for (int t = 0; t < beta.length; t++) {
      product *= 1 - beta[t];
      alphaBar[t] = product;
    }
    return checked(beta.clone(), alphaBar);
  }

  /**
   * The schedule of these alphaBars, falling, each in (0,1); the last may be 0.
   *
   * @throws IllegalArgumentException if there is none, or one leads to a beta out of range
   */
  public static Schedule ofAlphaBars(double[] alphaBar) {
    double[] beta = new double[alphaBar.length];
    for (int t = 0; t < beta.length; t++) {
      beta[t] = 1 - alphaBar[t] / (t == 0 ? 1 : alphaBar[t - 1]);
    }
    return checked(beta, alphaBar.clone());
  }

  private static Schedule checked(double[] beta, double[] alphaBar) {
    if (beta.length == 0) {
      throw new IllegalArgumentException("a schedule has at least one step");
    }
    for (int t = 0; t < beta.length; t++) {
      boolean ends = t == beta.length - 1 && beta[t] == 1;
      if (!(beta[t] > 0 && beta[t] < 1) && !ends) {
        throw new IllegalArgumentException("beta[" + t + "] = " + beta[t] + " is not in (0,1)");
      }
    }
    return new Schedule(beta, alphaBar);
  }

  /** Numbers from first to last at even distances; the first alone for a count of 1. */
  static double[] evenly(int count, double first, double last) {
    double[] numbers = new double[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = count == 1 ? first : first + (last - first) * i / (count - 1);
    }
    return numbers;
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

  /** Whether the last step has nothing of x_0 any more: alphaBar is 0 there. */
  public boolean endsInNoise() {
    return alphaBar[alphaBar.length - 1] == 0;
  }

  /**
   * (1 - alphaBar_t) / alphaBar_t: the variance of the noise for a signal of variance 1, the
   * reciprocal of the signal-to-noise ratio; 0 for t = -1, infinite where alphaBar is 0.
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
