package org.tfddpm.diffusion;

import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * What a sampler goes by: the forward process, the network and what its output means.
 *
 * @param thresholding what becomes of x0Hat before a sampler sees it
 * @param denoiser gives [N,H,W,C], or [N,H,W,2C] where the variance is learned
 */
public record ReverseProcess(
    ForwardProcess q,
    Prediction prediction,
    ReverseVariance variance,
    Thresholding thresholding,
    Denoiser denoiser) {
  /** One whose x0Hat is left as it is. */
  public ReverseProcess(
      ForwardProcess q, Prediction prediction, ReverseVariance variance, Denoiser denoiser) {
    this(q, prediction, variance, Thresholding.NONE, denoiser);
  }

  /** The same with another treatment of x0Hat. */
  public ReverseProcess with(Thresholding other) {
    return new ReverseProcess(q, prediction, variance, other, denoiser);
  }

  /** The same with another variance. */
  public ReverseProcess withVariance(ReverseVariance other) {
    return new ReverseProcess(q, prediction, other, thresholding, denoiser);
  }

  /** The same with another network. */
  public ReverseProcess withDenoiser(Denoiser other) {
    return new ReverseProcess(q, prediction, variance, thresholding, other);
  }

  /** x0Hat and epsilonHat for x [N,H,W,C] at t [N]. */
  public Prediction.Estimate estimate(Expr x, Operand<TInt32> t) {
    return look(x, t).estimate();
  }

  /** All that the network tells of x [N,H,W,C] at t [N]. */
  public Look look(Expr x, Operand<TInt32> t) {
    Expr output = denoiser.predict(x, t);
    // A network that learned a variance has an output for it, whatever variance is taken.
    if (output.shape().get(3) == x.shape().get(3)) {
      return new Look(output, estimate(x, t, output), null);
    }
    var halves = x.tf().split(x.tf().constant(3), output, 2L).output();
    Expr ofMean = new Expr(x.tf(), halves.get(0));
    Operand<TFloat32> ofVariance = halves.get(1);
    return new Look(ofMean, estimate(x, t, ofMean), new Expr(x.tf(), ofVariance));
  }

  private Prediction.Estimate estimate(Expr x, Operand<TInt32> t, Expr ofMean) {
    return thresholding.of(q, x, t, prediction.estimate(q, x, t, ofMean));
  }

  /**
   * What the network tells.
   *
   * @param output what is to equal the {@link Prediction#target}, [N,H,W,C]
   * @param forVariance the output that the variance is learned by, [N,H,W,C]; null if it is not
   */
  public record Look(Expr output, Prediction.Estimate estimate, @Nullable Expr forVariance) {}

  /** log sigma^2 of the step from t to tPrev after a look, [N,1,1,1] or [N,H,W,C]. */
  public Expr logVariance(Look look, Operand<TInt32> t, Operand<TInt32> tPrev) {
    return variance.log(q, t, tPrev, look.forVariance());
  }
}
