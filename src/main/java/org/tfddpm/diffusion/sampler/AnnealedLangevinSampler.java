package org.tfddpm.diffusion.sampler;

import org.tfddpm.diffusion.Coefficients;
import org.tfddpm.diffusion.Expr;
import org.tfddpm.diffusion.Prediction;
import org.tfddpm.diffusion.ReverseProcess;

/**
 * Annealed Langevin dynamics (Song &amp; Ermon 2019, algorithm 1): at each level of noise some
 * steps of {@linkplain Langevin Langevin dynamics}, whose length is in proportion to the level's
 * noise; the next level begins with the images that this one leaves. One step of this sampler is
 * one of those, so that each t comes as often as its level has steps.
 *
 * <p>The paper's step, (epsilon/2) (sigma_i/sigma_L)^2, is r = sqrt(epsilon)/(2 sigma_L): 0.22 for
 * its epsilon = 2e-5 and sigma_L = .01. The factor alpha_t, which is 1 where noise is only ever
 * added, is that of Song et al. 2021 for a forward process in which the image fades.
 *
 * <p>The step to x_0, the last one of the last level, is x0Hat, the image to expect
 * (Jolicoeur-Martineau et al. 2020, section 3): the first paper's samples keep the noise of the
 * last level.
 */
public final class AnnealedLangevinSampler implements Sampler {
  private final double r;

  /**
   * The sampler.
   *
   * @param r the length of a step in units of the noise's deviation, above 0 and below 1
   */
  public AnnealedLangevinSampler(double r) {
    this.r = r;
  }

  @Override
  public Result step(ReverseProcess p, Expr x, Step step) {
    Coefficients at = p.q().coefficients();
    Prediction.Estimate estimate = p.estimate(x, step.t());
    Expr moved =
        Langevin.step(
            at, x, step.t(), estimate.epsilonHat(), step.noise().get(), Expr.of(x.tf(), r));
    Expr goesOn = at.of(step.tPrev(), (s, t) -> t < 0 ? 0 : 1);
    return new Result(
        moved.where(goesOn, estimate.x0Hat()), estimate.x0Hat(), estimate.epsilonHat());
  }
}
