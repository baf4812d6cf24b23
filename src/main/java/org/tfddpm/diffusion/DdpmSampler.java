package org.tfddpm.diffusion;

/**
 * Ancestral sampling (Ho et al. 2020, algorithm 2) over any sub-sequence of steps: x_tPrev =
 * muTilde(x0Hat, x_t) + sigma z with the sigma^2 of the process and x0Hat clipped to the range of
 * images, [-1,1]. The last step, to tPrev = -1, is x0Hat without noise.
 */
public final class DdpmSampler implements Sampler {
  @Override
  public Result step(ReverseProcess p, Expr x, Step step) {
    ForwardProcess q = p.q();
    ReverseProcess.Look look = p.look(x, step.t());
    Prediction.Estimate estimate = look.estimate();
    Expr x0Hat = estimate.x0Hat().clip(-1, 1);
    Expr mean = q.posteriorMean(x0Hat, x, step.t(), step.tPrev());
    Expr sigma = p.logVariance(look, step.t(), step.tPrev()).times(0.5).exp();
    Expr xPrev = mean.plus(step.noise().get().times(step.unlessLast(sigma)));
    return new Result(xPrev, x0Hat, estimate.epsilonHat());
  }
}
