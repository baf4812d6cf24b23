package org.tfddpm.diffusion;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * The terms of the variational bound on the negative log-likelihood, L_T + sum L_{t-1} + L_0 (Ho et
 * al. 2020, eq. 5), each in bits per dimension: means over pixels and channels, base 2.
 */
public final class VariationalBound {
  /** Half the distance of two of the 256 levels of a pixel in [-1,1]. */
  private static final double HALF_LEVEL = 1.0 / 255;

  /** Between the outermost level and the next. */
  private static final double EDGE = 1 - HALF_LEVEL;

  private static final double LEAST = 1e-12;

  private VariationalBound() {}

  /**
   * L_T: KL(q(x_T|x_0) || N(0,I)), [N]. It has nothing of the network.
   *
   * @param x0 [N,H,W,C]
   */
  public static Expr prior(ForwardProcess q, Expr x0, Operand<TInt32> last) {
    Coefficients at = q.coefficients();
    Expr signal = x0.times(at.sqrtAlphaBar(last)).squared();
    // v - 1 - log v of v = 1 - alphaBar, nearly 1: -alphaBar - log(1-alphaBar), in double.
    Expr ofVariance = at.of(last, (s, t) -> -s.alphaBar(t) - Math.log1p(-s.alphaBar(t)));
    return bits(signal.plus(ofVariance).times(0.5));
  }

  /**
   * L_{t-1}: KL(q(x_tPrev|x_t,x_0) || p(x_tPrev|x_t)) of two Gaussians, and where tPrev is -1, L_0:
   * -log p(x_0|x_t) of the discretised Gaussian (Ho et al. 2020, section 3.3). Over the steps of a
   * sub-sequence they sum to the bound of that shorter chain.
   *
   * @param x0 images of 256 levels, [N,H,W,C] in [-1,1]
   * @param tPrev [N], -1 ... t-1
   * @param x0Hat the estimate that p's mean is made with, [N,H,W,C]
   * @param logVariance log sigma^2 of p, [N,1,1,1] or [N,H,W,C]
   * @return [N]
   */
  public static Expr term(
      ForwardProcess q,
      Operand<TInt32> t,
      Operand<TInt32> tPrev,
      Expr x0,
      Expr x0Hat,
      Expr logVariance) {
    Ops tf = x0.tf();
    Expr kl = bits(kl(q, t, tPrev, x0.minus(x0Hat), logVariance));
    Expr decoder = bits(logLikelihood(x0, x0Hat, logVariance).negate());
    return new Expr(tf, tf.select(tf.math.less(tPrev, tf.constant(0)), decoder, kl));
  }

  /**
   * (log v2 - log v1 + v1/v2 + (m1-m2)^2/v2 - 1) / 2. Both means are of the same x_t, so that they
   * differ by x0's coefficient times what x0Hat misses.
   */
  private static Expr kl(
      ForwardProcess q, Operand<TInt32> t, Operand<TInt32> tPrev, Expr missed, Expr logVariance) {
    Expr logTrue = ReverseVariance.logBetaTilde(q, t, tPrev);
    Expr apart = missed.times(q.meanOfX0(t, tPrev)).squared();
    Expr logRatio = logVariance.minus(logTrue);
    Expr inOther = apart.times(logTrue.negate().exp()).plus(1).times(logRatio.negate().exp());
    return logRatio.plus(inOther).minus(1).times(0.5);
  }

  /** log of the mass that N(mean, variance) gives the level of x; the outermost have the tails. */
  static Expr logLikelihood(Expr x, Expr mean, Expr logVariance) {
    Ops tf = x.tf();
    Expr perDeviation = logVariance.times(-0.5).exp();
    Expr centred = x.minus(mean);
    Expr above = cumulative(centred.plus(HALF_LEVEL).times(perDeviation));
    Expr below = cumulative(centred.minus(HALF_LEVEL).times(perDeviation));
    Operand<TFloat32> ones = tf.onesLike(x);
    Expr upTo = new Expr(tf, tf.select(tf.math.greater(x, Expr.of(tf, EDGE)), ones, above));
    Expr from =
        new Expr(tf, tf.select(tf.math.less(x, Expr.of(tf, -EDGE)), tf.zerosLike(x), below));
    return upTo.minus(from).clip(LEAST, 1).log();
  }

  private static Expr cumulative(Expr z) {
    return z.times(Math.sqrt(0.5)).erf().plus(1).times(0.5);
  }

  private static Expr bits(Expr nats) {
    return nats.meanPerImage().times(1 / Math.log(2));
  }
}
