package org.tfddpm.diffusion;

import org.tensorflow.Operand;
import org.tensorflow.types.TInt32;
import org.tfddpm.diffusion.schedule.Schedule;

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

  @Override
  public double perEpsilon(Schedule schedule, int t) {
    return -Math.sqrt(schedule.noiseToSignal(t));
  }

  @Override
  public double x0Error(Schedule schedule, int t) {
    return 1;
  }
}
