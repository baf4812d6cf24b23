package org.tfddpm.diffusion;

import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Ancestral sampling (Ho et al. 2020, algorithm 2) over any sub-sequence of steps: x_tPrev =
 * muTilde(x0Hat, x_t) + sigma z. The last step, to tPrev = -1, is x0Hat without noise. The paper's
 * x0Hat is clipped to the range of images: {@link Thresholding#STATIC}.
 */
public final class DdpmSampler implements Sampler {
  private final ReverseVariance variance;

  /** Ancestral sampling with this sigma^2. */
  public DdpmSampler(ReverseVariance variance) {
    this.variance = variance;
  }

  @Override
  public Result step(ReverseProcess p, Expr x, Step step) {
    ForwardProcess q = p.q();
    Prediction.Estimate estimate = p.estimate(x, step.t());
    Expr mean = q.posteriorMean(estimate.x0Hat(), x, step.t(), step.tPrev());
    Expr sigma = variance.of(q, step.t(), step.tPrev()).sqrt();
    Expr xPrev = mean.plus(step.noise().get().times(sigma.times(unlessLast(x.tf(), step))));
    return new Result(xPrev, estimate.x0Hat(), estimate.epsilonHat());
  }

  /** 1, but 0 for the step to x_0: [N,1,1,1]. */
  private static Expr unlessLast(Ops tf, Step step) {
    return new Expr(tf, tf.dtypes.cast(step.tPrev(), TFloat32.class)).plus(1).clip(0, 1).perImage();
  }
}
