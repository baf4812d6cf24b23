package org.tfddpm.diffusion;

import org.tensorflow.Operand;
import org.tensorflow.types.TInt32;

/** What the network's output means. */
public interface Prediction {
  /** What the network is to give for x_t = qSample(x0, t, epsilon). */
  Expr target(ForwardProcess q, Expr x0, Operand<TInt32> t, Expr epsilon);

  /** The estimate of x_0 and of epsilon that an output stands for. */
  Estimate estimate(ForwardProcess q, Expr xt, Operand<TInt32> t, Expr output);

  /** x0Hat and epsilonHat, [N,H,W,C] each, with qSample(x0Hat, t, epsilonHat) = x_t. */
  record Estimate(Expr x0Hat, Expr epsilonHat) {}
}
