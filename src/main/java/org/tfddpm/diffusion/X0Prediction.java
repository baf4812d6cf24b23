package org.tfddpm.diffusion;

import org.tensorflow.Operand;
import org.tensorflow.types.TInt32;

/** The network predicts the image x_0 itself (Ho et al. 2020, section 3.2). */
public final class X0Prediction implements Prediction {
  @Override
  public Expr target(ForwardProcess q, Expr x0, Operand<TInt32> t, Expr epsilon) {
    return x0;
  }

  @Override
  public Estimate estimate(ForwardProcess q, Expr xt, Operand<TInt32> t, Expr output) {
    return new Estimate(output, q.epsilon(xt, t, output));
  }
}
