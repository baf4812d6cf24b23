package org.tfddpm.diffusion;

import org.tfddpm.diffusion.schedule.Schedule;

/**
 * The mean square error of x0Hat, weighted by min(SNR_t, gamma) with SNR = alphaBar/(1-alphaBar),
 * so that the many steps of little noise do not outweigh the others (Hang et al. 2023, section
 * 3.4). In what the network predicts that is a weight of min(SNR,gamma)/SNR for epsilon and
 * min(SNR,gamma)/(SNR+1) for v.
 */
public final class MinSnrLoss implements Loss {
  private final double gamma;

  /**
   * The loss.
   *
   * @param gamma above 0; 5 in the paper
   */
  public MinSnrLoss(double gamma) {
    this.gamma = gamma;
  }

  @Override
  public Expr of(Example example) {
    Prediction prediction = example.p().prediction();
    Coefficients at = example.p().q().coefficients();
    Expr weight = at.of(example.t(), (schedule, t) -> weight(prediction, schedule, t));
    return example.error().squared().times(weight).meanPerImage();
  }

  private double weight(Prediction prediction, Schedule schedule, int t) {
    // x_0 itself, t = -1, is in every table and in no loss.
    return t < 0
        ? 0
        : Math.min(1 / schedule.noiseToSignal(t), gamma) * prediction.x0Error(schedule, t);
  }
}
