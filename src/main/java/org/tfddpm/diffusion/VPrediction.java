package org.tfddpm.diffusion;

import org.tensorflow.Operand;
import org.tensorflow.types.TInt32;
import org.tfddpm.diffusion.schedule.Schedule;

/**
 * The network predicts v = sqrt(alphaBar_t) epsilon - sqrt(1-alphaBar_t) x_0 (Salimans &amp; Ho
 * 2022, appendix D). Neither estimate divides by a small number, so that an error of the network
 * stays its size: at the noisiest steps epsilonHat's would come out of x0Hat a hundredfold.
 */
public final class VPrediction implements Prediction {
  @Override
  public Expr target(ForwardProcess q, Expr x0, Operand<TInt32> t, Expr epsilon) {
    Coefficients at = q.coefficients();
    return epsilon.times(at.sqrtAlphaBar(t)).minus(x0.times(at.sqrtOneMinusAlphaBar(t)));
  }

  @Override
  public Estimate estimate(ForwardProcess q, Expr xt, Operand<TInt32> t, Expr output) {
    Coefficients at = q.coefficients();
    Expr signal = at.sqrtAlphaBar(t);
    Expr noise = at.sqrtOneMinusAlphaBar(t);
    return new Estimate(
        xt.times(signal).minus(output.times(noise)), xt.times(noise).plus(output.times(signal)));
  }

  @Override
  public double perEpsilon(Schedule schedule, int t) {
    return 1 / Math.sqrt(schedule.alphaBar(t));
  }

  @Override
  public double x0Error(Schedule schedule, int t) {
    return 1 - schedule.alphaBar(t);
  }
}
