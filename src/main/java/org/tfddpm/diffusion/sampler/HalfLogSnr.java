package org.tfddpm.diffusion.sampler;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tfddpm.diffusion.Coefficients;
import org.tfddpm.diffusion.Expr;
import org.tfddpm.diffusion.schedule.Schedule;

/**
 * lambda_t = log(sqrt(alphaBar_t)/sqrt(1-alphaBar_t)), half the logarithm of the signal-to-noise
 * ratio: the time in which DPM-Solver's steps are measured (Lu et al. 2022, DPM-Solver, section
 * 3.1). All are [N,1,1,1] for t [N].
 */
record HalfLogSnr(Coefficients coefficients) {
  /** lambda; where it is infinite, 0. */
  Expr at(Operand<TInt32> t) {
    return coefficients.of(t, HalfLogSnr::lambda);
  }

  /** 1 where lambda is finite; 0 for x_0 itself and for pure noise. */
  Expr isFinite(Operand<TInt32> t) {
    return coefficients.of(t, (s, i) -> isFinite(s, i) ? 1 : 0);
  }

  /** 1 where the time steps are two, 0 where they are one. */
  Expr differ(Operand<TInt32> t, Operand<TInt32> other) {
    Ops tf = coefficients.tf();
    return new Expr(tf, tf.dtypes.cast(tf.math.notEqual(t, other), TFloat32.class)).perImage();
  }

  private static double lambda(Schedule schedule, int t) {
    return isFinite(schedule, t) ? -0.5 * Math.log(schedule.noiseToSignal(t)) : 0;
  }

  private static boolean isFinite(Schedule schedule, int t) {
    return t >= 0 && schedule.alphaBar(t) > 0;
  }
}
