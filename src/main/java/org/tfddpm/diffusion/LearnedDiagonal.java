package org.tfddpm.diffusion;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;

/**
 * The network says log sigma^2 of each element (the "learned diagonal" of Ho et al. 2020, table 2).
 * It learns that of single steps; a longer step of a sub-sequence has it grow as betaTilde does.
 */
public final class LearnedDiagonal implements ReverseVariance {
  @Override
  public Expr log(
      ForwardProcess q, Operand<TInt32> t, Operand<TInt32> tPrev, @Nullable Expr output) {
    Ops tf = q.coefficients().tf();
    Operand<TInt32> oneDown = tf.math.sub(t, tf.constant(1));
    // Single steps to x_0 and to others alike: the growth is exactly 0.
    Expr growth =
        ReverseVariance.logBetaTilde(q, t, tf.math.minimum(tPrev, oneDown))
            .minus(ReverseVariance.logBetaTilde(q, t, oneDown));
    return Objects.requireNonNull(output, "the output for log sigma^2").plus(growth);
  }

  @Override
  public boolean isLearned() {
    return true;
  }
}
