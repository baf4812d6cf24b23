package org.tfddpm.diffusion;

import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;

/** sigma^2 of the reverse process p(x_tPrev|x_t). */
@FunctionalInterface
public interface ReverseVariance {
  /** beta: what a unit Gaussian x_0 asks for (Ho et al. 2020, section 3.2). */
  ReverseVariance BETA = (q, t, tPrev, output) -> q.beta(t, tPrev).log();

  /**
   * betaTilde: what an x_0 that is a single point asks for (Ho et al. 2020, section 3.2). For the
   * step to x_0, where that is 0, the one of the step above takes its place, as it does in Ho et
   * al.'s program: a likelihood needs a width.
   */
  ReverseVariance BETA_TILDE = (q, t, tPrev, output) -> logBetaTilde(q, t, tPrev);

  /**
   * log sigma^2.
   *
   * @param output what the network has to say of it, [N,H,W,C]; null unless this {@link #isLearned}
   * @return [N,1,1,1] or [N,H,W,C]
   */
  Expr log(ForwardProcess q, Operand<TInt32> t, Operand<TInt32> tPrev, @Nullable Expr output);

  /** Whether the network has an output for it: a second half of its channels. */
  default boolean isLearned() {
    return false;
  }

  /** log betaTilde, and for tPrev = -1 that of the step from t+1 to t. */
  static Expr logBetaTilde(ForwardProcess q, Operand<TInt32> t, Operand<TInt32> tPrev) {
    Ops tf = q.coefficients().tf();
    Operand<TInt32> one = tf.constant(1);
    Operand<TInt32> zero = tf.constant(0);
    // 1 for the step to x_0, else 0.
    Operand<TInt32> up = tf.math.sub(zero, tf.math.minimum(tPrev, zero));
    Operand<TInt32> top = tf.constant(q.coefficients().steps() - 1);
    Operand<TInt32> from = tf.math.minimum(tf.math.add(t, up), top);
    Operand<TInt32> to =
        tf.math.minimum(
            tf.math.add(tPrev, tf.math.mul(up, tf.math.add(t, one))), tf.math.sub(from, one));
    // With one step in all there is none above.
    return q.betaTilde(from, to).clip(1e-20, 1).log();
  }
}
