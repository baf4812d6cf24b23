package org.tfddpm.diffusion.sampler;

import org.tfddpm.diffusion.Expr;
import org.tfddpm.diffusion.ForwardProcess;
import org.tfddpm.diffusion.Prediction;
import org.tfddpm.diffusion.ReverseProcess;
import org.tfddpm.diffusion.Thresholding;

/**
 * Ancestral sampling (Ho et al. 2020, algorithm 2) over any sub-sequence of steps: x_tPrev =
 * muTilde(x0Hat, x_t) + sigma z with the sigma^2 of the process. The last step, to tPrev = -1, is
 * x0Hat without noise. The paper's x0Hat is clipped to the range of images: {@link
 * Thresholding#STATIC}.
 */
public final class DdpmSampler implements Sampler {
  @Override
  public Result step(ReverseProcess p, Expr x, Step step) {
    ForwardProcess q = p.q();
    ReverseProcess.Look look = p.look(x, step.t());
    Prediction.Estimate estimate = look.estimate();
    Expr mean = q.posteriorMean(estimate.x0Hat(), x, step.t(), step.tPrev());
    Expr sigma = p.logVariance(look, step.t(), step.tPrev()).times(0.5).exp();
    Expr xPrev = mean.plus(step.noise().get().times(step.unlessLast(sigma)));
    return new Result(xPrev, estimate.x0Hat(), estimate.epsilonHat());
  }
}
