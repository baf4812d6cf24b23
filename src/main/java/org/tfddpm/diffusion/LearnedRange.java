package org.tfddpm.diffusion;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.types.TInt32;

/**
 * The network says where between its two bounds the variance is: sigma^2 = exp(v log beta + (1-v)
 * log betaTilde), with v the output moved from [-1,1] to [0,1], and free to leave it (Nichol &amp;
 * Dhariwal 2021, eq. 15). Over a sub-sequence the bounds are those of its longer steps.
 */
public final class LearnedRange implements ReverseVariance {
  @Override
  public Expr log(
      ForwardProcess q, Operand<TInt32> t, Operand<TInt32> tPrev, @Nullable Expr output) {
    Expr v = Objects.requireNonNull(output, "the output for v").plus(1).times(0.5);
    Expr low = ReverseVariance.logBetaTilde(q, t, tPrev);
    Expr high = q.beta(t, tPrev).log();
    return low.plus(v.times(high.minus(low)));
  }

  @Override
  public boolean isLearned() {
    return true;
  }
}
