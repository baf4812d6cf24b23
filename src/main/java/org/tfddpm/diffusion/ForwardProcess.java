package org.tfddpm.diffusion;

import org.tensorflow.Operand;
import org.tensorflow.types.TInt32;

/** The forward process q and its posterior, as graph expressions over [N,H,W,C] and t [N]. */
public final class ForwardProcess {
  private final Coefficients at;

  /** The process of these coefficients. */
  public ForwardProcess(Coefficients coefficients) {
    this.at = coefficients;
  }

  /**
   * A sample of q(x_t|x_0): x_t = sqrt(alphaBar_t) x_0 + sqrt(1-alphaBar_t) epsilon (Ho et al.
   * 2020, eq. 4).
   */
  public Expr qSample(Expr x0, Operand<TInt32> t, Expr epsilon) {
    return x0.times(at.sqrtAlphaBar(t)).plus(epsilon.times(at.sqrtOneMinusAlphaBar(t)));
  }

  /**
   * A sample of q(x_t|x_tPrev), up from tPrev to t > tPrev: x_t = sqrt(alpha) x_tPrev + sqrt(beta)
   * epsilon with alpha = alphaBar_t/alphaBar_tPrev = 1 - beta (eq. 2, of any two time steps).
   */
  public Expr qStep(Expr xPrev, Operand<TInt32> t, Operand<TInt32> tPrev, Expr epsilon) {
    Expr sqrtAlpha = at.sqrtAlphaBar(t).over(at.sqrtAlphaBar(tPrev));
    return xPrev.times(sqrtAlpha).plus(epsilon.times(beta(t, tPrev).sqrt()));
  }

  /** The x_0 from which this epsilon leads to x_t: qSample solved for x_0. */
  public Expr x0(Expr xt, Operand<TInt32> t, Expr epsilon) {
    return xt.minus(epsilon.times(at.sqrtOneMinusAlphaBar(t))).over(at.sqrtAlphaBar(t));
  }

  /** The epsilon that leads from this x_0 to x_t: qSample solved for epsilon. */
  public Expr epsilon(Expr xt, Operand<TInt32> t, Expr x0) {
    return xt.minus(x0.times(at.sqrtAlphaBar(t))).over(at.sqrtOneMinusAlphaBar(t));
  }

  /**
   * 1 - alphaBar_t/alphaBar_tPrev: the variance that leads from x_tPrev to x_t; beta_t where tPrev
   * = t-1. Written as (1-alphaBar_t) (1 - ratio), see {@link #noiseRatio}.
   */
  public Expr beta(Operand<TInt32> t, Operand<TInt32> tPrev) {
    return at.oneMinusAlphaBar(t).times(noiseRatio(t, tPrev).negate().plus(1));
  }

  /**
   * betaTilde = (1-alphaBar_tPrev)/(1-alphaBar_t) beta: the variance of q(x_tPrev|x_t,x_0) (eq. 7).
   */
  public Expr betaTilde(Operand<TInt32> t, Operand<TInt32> tPrev) {
    return at.oneMinusAlphaBar(tPrev).times(noiseRatio(t, tPrev).negate().plus(1));
  }

  /**
   * The mean of q(x_tPrev|x_t,x_0): sqrt(alphaBar_tPrev) beta/(1-alphaBar_t) x_0 + sqrt(alpha)
   * (1-alphaBar_tPrev)/(1-alphaBar_t) x_t with alpha = alphaBar_t/alphaBar_tPrev (eq. 7).
   */
  public Expr posteriorMean(Expr x0, Expr xt, Operand<TInt32> t, Operand<TInt32> tPrev) {
    return x0.times(meanOfX0(t, tPrev)).plus(xt.times(meanOfXt(t, tPrev)));
  }

  /** The coefficient of x_0 in the posterior's mean. */
  Expr meanOfX0(Operand<TInt32> t, Operand<TInt32> tPrev) {
    return at.sqrtAlphaBar(tPrev).times(noiseRatio(t, tPrev).negate().plus(1));
  }

  /** The coefficient of x_t in the posterior's mean. */
  Expr meanOfXt(Operand<TInt32> t, Operand<TInt32> tPrev) {
    return at.sqrtAlphaBar(t)
        .over(at.sqrtAlphaBar(tPrev))
        .times(at.oneMinusAlphaBar(tPrev))
        .over(at.oneMinusAlphaBar(t));
  }

  /**
   * noiseToSignal_tPrev / noiseToSignal_t, in [0,1). Since beta = 1 - alphaBar_t/alphaBar_tPrev =
   * (1-alphaBar_t) (1-ratio), the differences of nearly equal numbers in beta, betaTilde and DDIM's
   * sigma all become the one 1 - ratio, which float32 holds to about 1e-5.
   */
  public Expr noiseRatio(Operand<TInt32> t, Operand<TInt32> tPrev) {
    return at.noiseToSignal(tPrev).over(at.noiseToSignal(t));
  }

  /** Its tables. */
  public Coefficients coefficients() {
    return at;
  }
}
