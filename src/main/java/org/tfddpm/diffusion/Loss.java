package org.tfddpm.diffusion;

import org.tensorflow.Operand;
import org.tensorflow.types.TInt32;

/** What training minimises. */
@FunctionalInterface
public interface Loss {
  /** L_simple: the mean over images, pixels and channels of (target - output)^2 (eq. 14). */
  Loss SIMPLE = (target, output, t) -> target.minus(output).squared().mean();

  /**
   * The loss of a batch, a scalar.
   *
   * @param target what the network was to give, [N,H,W,C]
   * @param output what it gave
   * @param t [N]
   */
  Expr of(Expr target, Expr output, Operand<TInt32> t);
}
