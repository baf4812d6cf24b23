package org.tfddpm.diffusion;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tfddpm.diffusion.schedule.Schedule;

/**
 * The network predicts the mean of the forward posterior, muTilde_t(x_t, x_0) (Ho et al. 2020, eq.
 * 7 and section 4.2). x_0 has a small part in it, so an error of the network is large in x0Hat.
 */
public final class MeanPrediction implements Prediction {
  @Override
  public Expr target(ForwardProcess q, Expr x0, Operand<TInt32> t, Expr epsilon) {
    return q.posteriorMean(x0, q.qSample(x0, t, epsilon), t, before(q, t));
  }

  @Override
  public Estimate estimate(ForwardProcess q, Expr xt, Operand<TInt32> t, Expr output) {
    Operand<TInt32> tPrev = before(q, t);
    Expr x0Hat = output.minus(xt.times(q.meanOfXt(t, tPrev))).over(q.meanOfX0(t, tPrev));
    return new Estimate(x0Hat, q.epsilon(xt, t, x0Hat));
  }

  @Override
  public double perEpsilon(Schedule schedule, int t) {
    double ofX0 =
        Math.sqrt(schedule.alphaBar(t - 1)) * schedule.beta(t) / (1 - schedule.alphaBar(t));
    return -Math.sqrt(schedule.noiseToSignal(t)) * ofX0;
  }

  @Override
  public double x0Error(Schedule schedule, int t) {
    double share = Math.sqrt(schedule.alphaBar(t - 1)) * schedule.beta(t);
    return Math.pow((1 - schedule.alphaBar(t)) / share, 2);
  }

  private static Operand<TInt32> before(ForwardProcess q, Operand<TInt32> t) {
    Ops tf = q.coefficients().tf();
    return tf.math.sub(t, tf.constant(1));
  }
}
