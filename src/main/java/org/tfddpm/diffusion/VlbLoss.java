package org.tfddpm.diffusion;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;

/**
 * L_vlb: T times the term of the {@link VariationalBound} at t, in bits per dimension, so that its
 * mean over uniform t is the whole bound but for L_T (Nichol &amp; Dhariwal 2021, section 2.2).
 */
public final class VlbLoss implements Loss {
  @Override
  public Expr of(Example example) {
    return bound(example, example.look());
  }

  /** T times the term of a look. */
  static Expr bound(Example example, ReverseProcess.Look look) {
    ReverseProcess p = example.p();
    Ops tf = example.x0().tf();
    Operand<TInt32> tPrev = tf.math.sub(example.t(), tf.constant(1));
    Expr term =
        VariationalBound.term(
            p.q(),
            example.t(),
            tPrev,
            example.x0(),
            look.estimate().x0Hat(),
            p.logVariance(look, example.t(), tPrev));
    return term.times(p.q().coefficients().steps());
  }
}
