package org.tfddpm.diffusion.sampler;

import org.tensorflow.Operand;
import org.tensorflow.types.TInt32;
import org.tfddpm.diffusion.Coefficients;
import org.tfddpm.diffusion.Expr;

/**
 * A step of Langevin dynamics among the images of one level of noise (Song et al. 2021, algorithm 5
 * and its program):
 *
 * <p>x' = x + step score + sqrt(2 step) z, score = -epsilonHat/sqrt(1-alphaBar_t), step = 2 alpha_t
 * (r sqrt(1-alphaBar_t))^2.
 *
 * <p>The score and the step hold powers of sqrt(1-alphaBar_t), the deviation of the noise, that
 * leave just one of them:
 *
 * <p>x' = x + sqrt(1-alphaBar_t) (2 r sqrt(alpha_t) z - 2 r^2 alpha_t epsilonHat).
 */
final class Langevin {
  private Langevin() {}

  /**
   * x'.
   *
   * @param x [N,H,W,C] at t [N]
   * @param r the step's length in units of the noise's deviation: a scalar or [N,1,1,1]
   */
  static Expr step(Coefficients at, Expr x, Operand<TInt32> t, Expr epsilonHat, Expr z, Expr r) {
    Expr sqrtAlpha = at.of(t, (s, i) -> i < 0 ? 1 : Math.sqrt(1 - s.beta(i)));
    Expr length = r.times(sqrtAlpha);
    Expr move = z.times(length.times(2)).minus(epsilonHat.times(length.squared().times(2)));
    return x.plus(move.times(at.sqrtOneMinusAlphaBar(t)));
  }
}
