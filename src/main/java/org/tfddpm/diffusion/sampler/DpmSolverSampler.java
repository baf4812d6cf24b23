package org.tfddpm.diffusion.sampler;

import org.tfddpm.diffusion.Coefficients;
import org.tfddpm.diffusion.Expr;
import org.tfddpm.diffusion.ForwardProcess;
import org.tfddpm.diffusion.Prediction;
import org.tfddpm.diffusion.ReverseProcess;

/**
 * DPM-Solver++(2M): a solver of second order for the probability-flow ODE that looks once a step
 * and goes by the look before, too (Lu et al. 2022, DPM-Solver++, algorithm 2). With lambda =
 * log(sqrt(alphaBar)/sqrt(1-alphaBar)), h = lambda_tPrev - lambda_t and hBefore the same of the
 * step before,
 *
 * <p>x_tPrev = sqrt(1-alphaBar_tPrev)/sqrt(1-alphaBar_t) x_t + sqrt(alphaBar_tPrev) (1 - e^-h) D
 *
 * <p>with D = x0Hat + h/(2 hBefore) (x0Hat - x0Hat of the step before). The first step, one that
 * follows pure noise and the one to x_0, where h is infinite, have D = x0Hat and are DDIM's.
 */
public final class DpmSolverSampler implements Sampler {
  @Override
  public Result step(ReverseProcess p, Expr x, Step step) {
    HalfLogSnr lambda = new HalfLogSnr(p.q().coefficients());
    Prediction.Estimate estimate = p.estimate(x, step.t());
    Expr d = d(lambda, step, estimate.x0Hat());
    Expr xPrev = xPrev(p.q(), x, step, d.times(fall(p.q(), step)));
    return new Result(xPrev, estimate.x0Hat(), estimate.epsilonHat());
  }

  /** D of the class comment. */
  static Expr d(HalfLogSnr lambda, Step step, Expr x0Hat) {
    Before before = step.before().get(0);
    Expr h = lambda.at(step.tPrev()).minus(lambda.at(step.t()));
    Expr hBefore = lambda.at(step.t()).minus(lambda.at(before.t()));
    Expr counts =
        lambda
            .differ(step.t(), before.t())
            .times(lambda.isFinite(before.t()))
            .times(lambda.isFinite(step.tPrev()));
    Expr slope = x0Hat.minus(before.x0Hat()).times(h.over(hBefore.times(2)));
    return x0Hat.plus(slope).where(counts, x0Hat);
  }

  /** 1 - e^-h; e^-h is the root of the ratio of the noise to signal, 0 for the step to x_0. */
  static Expr fall(ForwardProcess q, Step step) {
    return q.noiseRatio(step.t(), step.tPrev()).sqrt().negate().plus(1);
  }

  /** sqrt(1-alphaBar_tPrev)/sqrt(1-alphaBar_t) x_t + sqrt(alphaBar_tPrev) change. */
  static Expr xPrev(ForwardProcess q, Expr x, Step step, Expr change) {
    Coefficients at = q.coefficients();
    Expr ofX = at.sqrtOneMinusAlphaBar(step.tPrev()).over(at.sqrtOneMinusAlphaBar(step.t()));
    return x.times(ofX).plus(change.times(at.sqrtAlphaBar(step.tPrev())));
  }
}
