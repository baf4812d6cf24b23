package org.tfddpm.diffusion.sampler;

import java.util.List;
import java.util.function.Supplier;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tfddpm.diffusion.Expr;
import org.tfddpm.diffusion.ReverseProcess;

/** One step of the way from noise to an image. */
@FunctionalInterface
public interface Sampler {
  /** x at tPrev from x [N,H,W,C] at t. */
  Result step(ReverseProcess p, Expr x, Step step);

  /**
   * From where to where, and with which noise.
   *
   * @param t [N], 0 ... T-1
   * @param tPrev [N], -1 ... t; -1 is x_0, and t itself asks those samplers that look at a level
   *     more than once to stay there
   * @param noise standard normal, [N,H,W,C]; asked for only by samplers that add noise
   * @param before the steps before, the last one first: as many as the sampler goes by
   */
  record Step(Operand<TInt32> t, Operand<TInt32> tPrev, Supplier<Expr> noise, List<Before> before) {
    /** For samplers that do not go by the steps before. */
    public Step(Operand<TInt32> t, Operand<TInt32> tPrev, Supplier<Expr> noise) {
      this(t, tPrev, noise, List.of());
    }

    /** The deviation [N,1,1,1], but 0 for the step to x_0: the last one adds no noise. */
    Expr unlessLast(Expr deviation) {
      Expr to = new Expr(deviation.tf(), deviation.tf().dtypes.cast(tPrev, TFloat32.class));
      return deviation.times(to.plus(1).clip(0, 1).perImage());
    }
  }

  /**
   * A step before.
   *
   * @param t [N], where it began; where there was no such step, the t of the one after it
   * @param x0Hat the estimate it was based on, [N,H,W,C]; of no matter where there was none
   */
  record Before(Operand<TInt32> t, Expr x0Hat) {}

  /**
   * Where a step led to.
   *
   * @param xPrev x at tPrev
   * @param x0Hat the estimate of x_0 that the step was based on
   * @param epsilonHat the estimate of epsilon
   */
  record Result(Expr xPrev, Expr x0Hat, Expr epsilonHat) {}
}
