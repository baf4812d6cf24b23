package org.tfddpm.diffusion;

import org.tensorflow.Operand;
import org.tensorflow.types.TInt32;

/**
 * What a sampler goes by: the forward process, the network and what its output means.
 *
 * @param thresholding what becomes of x0Hat before a sampler sees it
 */
public record ReverseProcess(
    ForwardProcess q, Prediction prediction, Denoiser denoiser, Thresholding thresholding) {
  /** One whose x0Hat is left as it is. */
  public ReverseProcess(ForwardProcess q, Prediction prediction, Denoiser denoiser) {
    this(q, prediction, denoiser, Thresholding.NONE);
  }

  /** The same with another treatment of x0Hat. */
  public ReverseProcess with(Thresholding other) {
    return new ReverseProcess(q, prediction, denoiser, other);
  }

  /** x0Hat and epsilonHat for x [N,H,W,C] at t [N]. */
  public Prediction.Estimate estimate(Expr x, Operand<TInt32> t) {
    return thresholding.of(q, x, t, prediction.estimate(q, x, t, denoiser.predict(x, t)));
  }
}
