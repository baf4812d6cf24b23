package org.tfddpm.diffusion;

import org.tensorflow.Operand;
import org.tensorflow.types.TInt32;

/** What a sampler goes by: the forward process, the network and what its output means. */
public record ReverseProcess(ForwardProcess q, Prediction prediction, Denoiser denoiser) {
  /** x0Hat and epsilonHat for x [N,H,W,C] at t [N]. */
  public Prediction.Estimate estimate(Expr x, Operand<TInt32> t) {
    return prediction.estimate(q, x, t, denoiser.predict(x, t));
  }
}
