package org.tfddpm.diffusion;

import org.tensorflow.Operand;
import org.tensorflow.types.TInt32;

/** sigma^2 of the reverse process p(x_tPrev|x_t), fixed ones (Ho et al. 2020, section 3.2). */
@FunctionalInterface
public interface ReverseVariance {
  /** beta: what a unit Gaussian x_0 asks for. */
  ReverseVariance BETA = ForwardProcess::beta;

  /** betaTilde: what an x_0 that is a single point asks for. */
  ReverseVariance BETA_TILDE = ForwardProcess::betaTilde;

  /** The variance as [N,1,1,1]. */
  Expr of(ForwardProcess q, Operand<TInt32> t, Operand<TInt32> tPrev);
}
