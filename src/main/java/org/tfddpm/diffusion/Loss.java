package org.tfddpm.diffusion;

import org.tensorflow.Operand;
import org.tensorflow.types.TInt32;

/** What training minimises. */
@FunctionalInterface
public interface Loss {
  /**
   * L_simple: the mean over pixels and channels of (target - output)^2 (Ho et al. 2020, eq. 14).
   */
  Loss SIMPLE = example -> example.error().squared().meanPerImage();

  /** The loss of each image, [N]. */
  Expr of(Example example);

  /**
   * A batch in training.
   *
   * @param x0 images, [N,H,W,C]
   * @param t [N]
   * @param epsilon the noise that was added, [N,H,W,C]
   * @param xt what the network looked at, [N,H,W,C]
   * @param look what it said
   */
  record Example(
      ReverseProcess p,
      Expr x0,
      Operand<TInt32> t,
      Expr epsilon,
      Expr xt,
      ReverseProcess.Look look) {
    /** The network's look at x_t = qSample(x0, t, epsilon). */
    public static Example of(ReverseProcess p, Expr x0, Operand<TInt32> t, Expr epsilon) {
      Expr xt = p.q().qSample(x0, t, epsilon);
      return new Example(p, x0, t, epsilon, xt, p.look(xt, t));
    }

    /** What the network was to give, less what it gave. */
    Expr error() {
      return p.prediction().target(p.q(), x0, t, epsilon).minus(look.output());
    }
  }
}
