package org.tfddpm.diffusion;

import org.tensorflow.Operand;
import org.tensorflow.types.TInt32;

/** How likely what is asked for is, given a noisy image: what guides sampling. */
@FunctionalInterface
public interface LogLikelihood {
  /**
   * log p(y|x_t), up to a constant.
   *
   * @param x [N,H,W,C]
   * @param t [N], 0 ... T-1
   * @return [N], of which each number depends on its own row only
   */
  Expr of(Expr x, Operand<TInt32> t);
}
