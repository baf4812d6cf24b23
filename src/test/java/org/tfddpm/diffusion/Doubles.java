package org.tfddpm.diffusion;

import org.tfddpm.diffusion.schedule.Schedule;

/**
 * The papers' equations once more, in plain double arithmetic on single numbers, as they are
 * printed: what the graph's expressions are held against.
 */
public final class Doubles {
  private final Schedule schedule;

  public Doubles(Schedule schedule) {
    this.schedule = schedule;
  }

  public double alphaBar(int t) {
    return schedule.alphaBar(t);
  }

  /** Ho et al. 2020, eq. 4. */
  public double qSample(double x0, int t, double epsilon) {
    return Math.sqrt(alphaBar(t)) * x0 + Math.sqrt(1 - alphaBar(t)) * epsilon;
  }

  public double x0(double xt, int t, double epsilon) {
    return (xt - Math.sqrt(1 - alphaBar(t)) * epsilon) / Math.sqrt(alphaBar(t));
  }

  /** The variance of x_t given x_tPrev. */
  public double beta(int t, int tPrev) {
    return 1 - alphaBar(t) / alphaBar(tPrev);
  }

  /** Ho et al. 2020, eq. 7, over steps of any length. */
  public double betaTilde(int t, int tPrev) {
    return (1 - alphaBar(tPrev)) / (1 - alphaBar(t)) * beta(t, tPrev);
  }

  /** Ho et al. 2020, eq. 7, over steps of any length. */
  public double posteriorMean(double x0, double xt, int t, int tPrev) {
    double alpha = alphaBar(t) / alphaBar(tPrev);
    return Math.sqrt(alphaBar(tPrev)) * beta(t, tPrev) / (1 - alphaBar(t)) * x0
        + Math.sqrt(alpha) * (1 - alphaBar(tPrev)) / (1 - alphaBar(t)) * xt;
  }

  /** Song et al. 2020, eq. 16. */
  public double sigma(int t, int tPrev, double eta) {
    return eta
        * Math.sqrt((1 - alphaBar(tPrev)) / (1 - alphaBar(t)))
        * Math.sqrt(1 - alphaBar(t) / alphaBar(tPrev));
  }

  /** Song et al. 2020, eq. 12. */
  public double ddim(double xt, double epsilon, int t, int tPrev, double eta, double z) {
    double sigma = sigma(t, tPrev, eta);
    // Rounding may leave less than nothing at tPrev = -1.
    double direction = Math.sqrt(Math.max(0, 1 - alphaBar(tPrev) - sigma * sigma));
    return Math.sqrt(alphaBar(tPrev)) * x0(xt, t, epsilon) + direction * epsilon + sigma * z;
  }

  /** sigma of Karras et al. 2022. */
  public double noise(int t) {
    return Math.sqrt((1 - alphaBar(t)) / alphaBar(t));
  }

  /** Karras et al. 2022, algorithm 2, lines 5 and 6, in their variables, with S_noise 1. */
  public double raised(double xt, int t, int tHat, double z) {
    double scaled = xt / Math.sqrt(alphaBar(t));
    double added = Math.sqrt(Math.pow(noise(tHat), 2) - Math.pow(noise(t), 2)) * z;
    return Math.sqrt(alphaBar(tHat)) * (scaled + added);
  }

  /** Ho et al. 2020, algorithm 2, with x0Hat clipped. */
  public double ddpm(double xt, double epsilon, int t, int tPrev, double variance, double z) {
    double x0Hat = Math.max(-1, Math.min(1, x0(xt, t, epsilon)));
    double noise = tPrev < 0 ? 0 : Math.sqrt(variance) * z;
    return posteriorMean(x0Hat, xt, t, tPrev) + noise;
  }
}
