package org.tfddpm.diffusion.sampler;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tfddpm.diffusion.Expr;
import org.tfddpm.diffusion.Prediction;

/**
 * DDIM with eta 0 in either direction, so that pictures can be encoded as the noise that they are
 * decoded from (Song et al. 2020, section 4.3): for t in 0 ... T-1 the step of {@link
 * DdimSampler#DETERMINISTIC}, whether tPrev lies below t or above,
 *
 * <p>x_tPrev = sqrt(alphaBar_tPrev) x0Hat(x_t, t) + sqrt(1-alphaBar_tPrev) epsilonHat(x_t, t),
 *
 * <p>and out of the picture itself, t = -1, which the network was never asked about,
 *
 * <p>x_tPrev = sqrt(alphaBar_tPrev) x_0 + sqrt(1-alphaBar_tPrev) epsilonHat(x_0, tPrev).
 *
 * <p>Euler's method is not its own inverse: what comes back differs from the picture by less the
 * more steps there are.
 */
public final class DdimInversion {
  /** It asks for no noise. */
  public static final Sampler SAMPLER =
      (p, x, step) -> {
        Ops tf = x.tf();
        Operand<TInt32> zero = tf.constant(0);
        Operand<TInt32> t = tf.select(tf.math.less(step.t(), zero), step.tPrev(), step.t());
        Prediction.Estimate estimate = p.estimate(x, t);
        Expr fromPicture = new Expr(tf, tf.dtypes.cast(step.t(), TFloat32.class)).negate();
        Expr x0Hat = x.where(fromPicture.perImage(), estimate.x0Hat());
        Expr xPrev = p.q().qSample(x0Hat, step.tPrev(), estimate.epsilonHat());
        return new Sampler.Result(xPrev, x0Hat, estimate.epsilonHat());
      };

  private DdimInversion() {}
}
