package org.tfddpm.diffusion;

import org.tensorflow.Operand;
import org.tensorflow.types.TInt32;

/** The network, as the diffusion process sees it. */
@FunctionalInterface
public interface Denoiser {
  /**
   * The network's output for noisy images.
   *
   * @param x [N,H,W,C]
   * @param t [N], 0 ... T-1
   * @return [N,H,W,C], which the {@link Prediction} reads; where the {@link ReverseVariance} is
   *     learned, [N,H,W,2C], whose second half that reads
   */
  Expr predict(Expr x, Operand<TInt32> t);
}
