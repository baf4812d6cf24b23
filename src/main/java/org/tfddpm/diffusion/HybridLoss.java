package org.tfddpm.diffusion;

import org.tensorflow.op.Ops;

/**
 * L_hybrid = L_simple + lambda L_vlb, where L_vlb does not move the mean but the learned variance
 * alone (Nichol &amp; Dhariwal 2021, eq. 16).
 */
public final class HybridLoss implements Loss {
  private static final double LAMBDA = 0.001;

  @Override
  public Expr of(Example example) {
    ReverseProcess.Look look = example.look();
    Ops tf = example.x0().tf();
    Expr fixed = new Expr(tf, tf.stopGradient(look.output()));
    Prediction.Estimate estimate =
        example.p().prediction().estimate(example.p().q(), example.xt(), example.t(), fixed);
    ReverseProcess.Look meanStopped = new ReverseProcess.Look(fixed, estimate, look.forVariance());
    return SIMPLE.of(example).plus(VlbLoss.bound(example, meanStopped).times(LAMBDA));
  }
}
