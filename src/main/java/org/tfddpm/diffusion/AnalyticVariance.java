package org.tfddpm.diffusion;

import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.types.TInt32;
import org.tfddpm.diffusion.schedule.X0Variance;

/**
 * The variance that the best Gaussian step has (Bao et al. 2022, Analytic-DPM, theorem 1):
 *
 * <p>sigma^2 = lambda^2 + (sqrt((1-alphaBar_t)/alpha) - sqrt(1-alphaBar_tPrev-lambda^2))^2 (1 -
 * m_t)
 *
 * <p>with alpha = alphaBar_t/alphaBar_tPrev and m_t = E||epsilonHat||^2/d, which is their
 * (1-alphaBar_t) E||score||^2/d. lambda is DDIM's sigma: betaTilde's root for ancestral sampling, 0
 * for DDIM of eta 0. With r = noiseToSignal_tPrev/noiseToSignal_t and s = sqrt(r (1 - eta^2 + eta^2
 * r)) it is
 *
 * <p>sigma^2 = lambda^2 + alphaBar_tPrev (1-s)^2 c_t, with {@link X0Variance} c_t.
 */
public final class AnalyticVariance implements ReverseVariance {
  /** Noise of the last step that has some is kept below what shows (their appendix F.2). */
  private static final double VISIBLE_LEVELS = 2;

  private final X0Variance ofX0;
  private final double largestLast;

  private AnalyticVariance(X0Variance ofX0, double largestLast) {
    this.ofX0 = ofX0;
    this.largestLast = largestLast;
  }

  /**
   * For samples: the step to t = 0 has a deviation of which the mean noise is at most two of the
   * 256 levels.
   */
  public static AnalyticVariance forSamples(X0Variance ofX0) {
    double mean = VISIBLE_LEVELS * 2 / 255;
    // E|z| = sqrt(2/pi) for a standard normal z.
    return new AnalyticVariance(ofX0, mean * mean * Math.PI / 2);
  }

  /** For likelihoods: as it is. */
  public static AnalyticVariance forLikelihood(X0Variance ofX0) {
    return new AnalyticVariance(ofX0, Double.POSITIVE_INFINITY);
  }

  @Override
  public Expr log(
      ForwardProcess q, Operand<TInt32> t, Operand<TInt32> tPrev, @Nullable Expr output) {
    Expr one = Expr.of(q.coefficients().tf(), 1);
    return of(q, t, tPrev, one).clip(1e-20, 1e20).log();
  }

  /**
   * sigma^2 of a step of DDIM, [N,1,1,1].
   *
   * @param eta [N,1,1,1] or a scalar, 0 ... 1; 1 is ancestral sampling
   */
  public Expr of(ForwardProcess q, Operand<TInt32> t, Operand<TInt32> tPrev, Expr eta) {
    Coefficients at = q.coefficients();
    Expr r = q.noiseRatio(t, tPrev);
    Expr eta2 = eta.squared();
    Expr lambda2 = q.betaTilde(t, tPrev).times(eta2);
    Expr s = r.times(eta2.negate().plus(1).plus(eta2.times(r))).sqrt();
    Expr c = at.of(t, ofX0::at);
    Expr sigma2 = lambda2.plus(at.alphaBar(tPrev).times(s.negate().plus(1).squared()).times(c));
    if (Double.isInfinite(largestLast)) {
      return sigma2;
    }
    Expr limit = at.of(tPrev, (schedule, to) -> to == 0 ? largestLast : 1e20);
    return new Expr(sigma2.tf(), sigma2.tf().math.minimum(sigma2, limit));
  }
}
