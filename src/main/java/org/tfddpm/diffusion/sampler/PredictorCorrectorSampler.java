package org.tfddpm.diffusion.sampler;

import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tfddpm.diffusion.Expr;
import org.tfddpm.diffusion.ReverseProcess;

/**
 * Predictor and corrector (Song et al. 2021, algorithm 3, in the order of its program): before the
 * predictor leaves a level of noise, some steps of {@linkplain Langevin Langevin dynamics} bring
 * the images nearer to those of that level. A step from t to t is the corrector's, every other one
 * the predictor's.
 *
 * <p>The corrector's step is as long as gives its two parts, the score's and the noise's, the ratio
 * that was asked for (algorithm 5): r = snr ||z|| / ||epsilonHat||. The paper's program takes means
 * of the norms over the batch; here each image has its own, so that it does not depend on the batch
 * it is made in.
 */
public final class PredictorCorrectorSampler implements Sampler {
  private final Sampler predictor;
  private final double snr;

  /**
   * The sampler.
   *
   * @param predictor one that takes a step from t to t without harm, though its result is unused
   * @param snr the ratio, above 0 and below 1; 0.16 in the paper
   */
  public PredictorCorrectorSampler(Sampler predictor, double snr) {
    this.predictor = predictor;
    this.snr = snr;
  }

  @Override
  public Result step(ReverseProcess p, Expr x, Step step) {
    Ops tf = x.tf();
    Expr z = step.noise().get();
    Result predicted =
        predictor.step(p, x, new Step(step.t(), step.tPrev(), () -> z, step.before()));
    Expr epsilonHat = predicted.epsilonHat();
    Expr r = z.squared().meanOfEach().over(epsilonHat.squared().meanOfEach()).sqrt().times(snr);
    Expr corrected = Langevin.step(p.q().coefficients(), x, step.t(), epsilonHat, z, r);
    Expr stays =
        new Expr(tf, tf.dtypes.cast(tf.math.equal(step.t(), step.tPrev()), TFloat32.class))
            .perImage();
    return new Result(corrected.where(stays, predicted.xPrev()), predicted.x0Hat(), epsilonHat);
  }
}
