package org.tfddpm.diffusion;

import org.tensorflow.Operand;
import org.tensorflow.types.TInt32;
import org.tfddpm.diffusion.schedule.Schedule;

/** What the network's output means. */
public interface Prediction {
  /** What the network is to give for x_t = qSample(x0, t, epsilon). */
  Expr target(ForwardProcess q, Expr x0, Operand<TInt32> t, Expr epsilon);

  /** The estimate of x_0 and of epsilon that an output stands for. */
  Estimate estimate(ForwardProcess q, Expr xt, Operand<TInt32> t, Expr output);

  /** What 1 more of epsilon, for the same x_t, is in the output; t in 0 ... T-1, alphaBar_t > 0. */
  double perEpsilon(Schedule schedule, int t);

  /** What an error of variance 1 in the output is in x0Hat: the variance, for t in 0 ... T-1. */
  double x0Error(Schedule schedule, int t);

  /** x0Hat and epsilonHat, [N,H,W,C] each, with qSample(x0Hat, t, epsilonHat) = x_t. */
  record Estimate(Expr x0Hat, Expr epsilonHat) {}
}
