package org.tfddpm.diffusion.sampler;

import org.jspecify.annotations.Nullable;
import org.tfddpm.diffusion.AnalyticVariance;
import org.tfddpm.diffusion.Coefficients;
import org.tfddpm.diffusion.Expr;
import org.tfddpm.diffusion.Prediction;

/**
 * DDIM (Song et al. 2020, eq. 12 and 16) over any sub-sequence of steps:
 *
 * <p>x_tPrev = sqrt(alphaBar_tPrev) x0Hat + sqrt(1-alphaBar_tPrev-sigma^2) epsilonHat + sigma z
 * with sigma = eta sqrt((1-alphaBar_tPrev)/(1-alphaBar_t)) sqrt(1-alphaBar_t/alphaBar_tPrev).
 *
 * <p>With r = noiseToSignal_tPrev/noiseToSignal_t these are sigma^2 = eta^2 (1-alphaBar_tPrev)(1-r)
 * and 1-alphaBar_tPrev-sigma^2 = (1-alphaBar_tPrev)(1 - eta^2 + eta^2 r), which keep their digits.
 */
public final class DdimSampler {
  /**
   * eta = 0: the starting noise alone decides, and no further noise is asked for. It is Euler's
   * method for the probability-flow ODE of Karras et al. 2022: with sigma =
   * sqrt((1-alphaBar)/alphaBar),
   *
   * <p>x_tPrev/sqrt(alphaBar_tPrev) = x_t/sqrt(alphaBar_t) + (sigma_tPrev - sigma_t) epsilonHat
   *
   * <p>(Song et al. 2020, eq. 13), written so that it also holds out of pure noise, where sigma is
   * infinite.
   */
  public static final Sampler DETERMINISTIC =
      (p, x, step) -> {
        Prediction.Estimate estimate = p.estimate(x, step.t());
        Expr xPrev = p.q().qSample(estimate.x0Hat(), step.tPrev(), estimate.epsilonHat());
        return new Sampler.Result(xPrev, estimate.x0Hat(), estimate.epsilonHat());
      };

  private DdimSampler() {}

  /**
   * Any eta.
   *
   * @param eta [N,1,1,1] or a scalar, 0 (deterministic) ... 1 (DDPM with betaTilde)
   */
  public static Sampler withEta(Expr eta) {
    return withEta(eta, null);
  }

  /**
   * Any eta, and more noise than sigma z: A-DDIM (Bao et al. 2022).
   *
   * @param analytic the variance of the noise, in place of sigma^2; null for sigma^2
   */
  public static Sampler withEta(Expr eta, @Nullable AnalyticVariance analytic) {
    return (p, x, step) -> {
      Coefficients at = p.q().coefficients();
      Prediction.Estimate estimate = p.estimate(x, step.t());
      Expr r = p.q().noiseRatio(step.t(), step.tPrev());
      Expr deviation = at.sqrtOneMinusAlphaBar(step.tPrev());
      Expr sigma =
          analytic == null
              ? deviation.times(eta).times(r.negate().plus(1).sqrt())
              : step.unlessLast(analytic.of(p.q(), step.t(), step.tPrev(), eta).sqrt());
      Expr eta2 = eta.squared();
      Expr direction = deviation.times(eta2.negate().plus(1).plus(eta2.times(r)).sqrt());
      Expr xPrev =
          estimate
              .x0Hat()
              .times(at.sqrtAlphaBar(step.tPrev()))
              .plus(estimate.epsilonHat().times(direction))
              .plus(step.noise().get().times(sigma));
      return new Sampler.Result(xPrev, estimate.x0Hat(), estimate.epsilonHat());
    };
  }
}
