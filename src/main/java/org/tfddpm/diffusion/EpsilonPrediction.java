package org.tfddpm.diffusion;

import org.tensorflow.Operand;
import org.tensorflow.types.TInt32;
import org.tfddpm.diffusion.schedule.Schedule;

/** The network predicts the noise epsilon (Ho et al. 2020, section 3.2). */
public final class EpsilonPrediction implements Prediction {
  @Override
  public Expr target(ForwardProcess q, Expr x0, Operand<TInt32> t, Expr epsilon) {
    return epsilon;
  }

  @Override
  public Estimate estimate(ForwardProcess q, Expr xt, Operand<TInt32> t, Expr output) {
    return new Estimate(q.x0(xt, t, output), output);
  }

  @Override
  public double perEpsilon(Schedule schedule, int t) {
    return 1;
  }

  @Override
  public double x0Error(Schedule schedule, int t) {
    return schedule.noiseToSignal(t);
  }
}
