package org.tfddpm.diffusion;

import org.tensorflow.Operand;
import org.tensorflow.types.TInt32;
import org.tfddpm.diffusion.schedule.Schedule;

/**
 * The mean square error of x0Hat, weighted by min(SNR_t, gamma) with SNR = alphaBar/(1-alphaBar),
 * so that the many steps of little noise do not outweigh the others (Hang et al. 2023, section
 * 3.4). In what the network predicts that is a weight of min(SNR,gamma)/SNR for epsilon and
 * min(SNR,gamma)/(SNR+1) for v.
 */
public final class MinSnrLoss implements Loss {
  private final Coefficients at;
  private final Prediction prediction;
  private final double gamma;

  /**
   * The loss.
   *
   * @param prediction what target and output mean
   * @param gamma above 0; 5 in the paper
   */
  public MinSnrLoss(Coefficients at, Prediction prediction, double gamma) {
    this.at = at;
    this.prediction = prediction;
    this.gamma = gamma;
  }

  @Override
  public Expr of(Expr target, Expr output, Operand<TInt32> t) {
    return target.minus(output).squared().times(at.of(t, this::weight)).mean();
  }

  private double weight(Schedule schedule, int t) {
    // x_0 itself, t = -1, is in every table and in no loss.
    return t < 0
        ? 0
        : Math.min(1 / schedule.noiseToSignal(t), gamma) * prediction.x0Error(schedule, t);
  }
}
