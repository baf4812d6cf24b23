package org.tfddpm.diffusion;

import java.util.function.Supplier;
import org.tensorflow.Operand;
import org.tensorflow.types.TInt32;

/** One step of the way from noise to an image. */
@FunctionalInterface
public interface Sampler {
  /** x at tPrev from x [N,H,W,C] at t. */
  Result step(ReverseProcess p, Expr x, Step step);

  /**
   * From where to where, and with which noise.
   *
   * @param t [N], 0 ... T-1
   * @param tPrev [N], -1 ... t-1; -1 is x_0
   * @param noise standard normal, [N,H,W,C]; asked for only by samplers that add noise
   */
  record Step(Operand<TInt32> t, Operand<TInt32> tPrev, Supplier<Expr> noise) {}

  /**
   * Where a step led to.
   *
   * @param xPrev x at tPrev
   * @param x0Hat the estimate of x_0 that the step was based on
   * @param epsilonHat the estimate of epsilon
   */
  record Result(Expr xPrev, Expr x0Hat, Expr epsilonHat) {}
}
