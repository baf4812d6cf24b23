package org.tfddpm.diffusion;

import java.util.Objects;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tfddpm.diffusion.schedule.Schedule;

/**
 * DPM-Solver++(2M): a solver of second order for the probability-flow ODE that looks once a step
 * and goes by the look before, too (Lu et al. 2022, DPM-Solver++, algorithm 2). With lambda =
 * log(sqrt(alphaBar)/sqrt(1-alphaBar)), h = lambda_tPrev - lambda_t and hBefore the same of the
 * step before,
 *
 * <p>x_tPrev = sqrt(1-alphaBar_tPrev)/sqrt(1-alphaBar_t) x_t + sqrt(alphaBar_tPrev) (1 - e^-h) D
 *
 * <p>with D = x0Hat + h/(2 hBefore) (x0Hat - x0Hat of the step before). The first step, one that
 * follows pure noise and the one to x_0, where h is infinite, have D = x0Hat and are DDIM's.
 */
public final class DpmSolverSampler implements Sampler {
  @Override
  public Result step(ReverseProcess p, Expr x, Step step) {
    Coefficients at = p.q().coefficients();
    Prediction.Estimate estimate = p.estimate(x, step.t());
    Expr d = estimate.x0Hat().plus(extrapolation(at, step, estimate.x0Hat()));
    Expr ofX = at.sqrtOneMinusAlphaBar(step.tPrev()).over(at.sqrtOneMinusAlphaBar(step.t()));
    // e^-h is the root of the ratio of the noise to signal, which is 0 for the step to x_0.
    Expr fall = p.q().noiseRatio(step.t(), step.tPrev()).sqrt().negate().plus(1);
    Expr xPrev = x.times(ofX).plus(d.times(at.sqrtAlphaBar(step.tPrev()).times(fall)));
    return new Result(xPrev, estimate.x0Hat(), estimate.epsilonHat());
  }

  private static Expr extrapolation(Coefficients at, Step step, Expr x0Hat) {
    Ops tf = x0Hat.tf();
    Before before = Objects.requireNonNull(step.before(), "the step before");
    Expr lambda = at.of(step.t(), DpmSolverSampler::lambda);
    Expr h = at.of(step.tPrev(), DpmSolverSampler::lambda).minus(lambda);
    Expr hBefore = lambda.minus(at.of(before.t(), DpmSolverSampler::lambda));
    Expr isOther =
        new Expr(tf, tf.dtypes.cast(tf.math.notEqual(step.t(), before.t()), TFloat32.class))
            .perImage();
    Expr counts =
        isOther
            .times(at.of(before.t(), (s, t) -> isFinite(s, t) ? 1 : 0))
            .times(at.of(step.tPrev(), (s, t) -> isFinite(s, t) ? 1 : 0));
    // Where it does not count, hBefore may be 0.
    Expr divisor = hBefore.plus(isOther.negate().plus(1)).times(2);
    return x0Hat.minus(before.x0Hat()).times(h.over(divisor).times(counts));
  }

  private static double lambda(Schedule schedule, int t) {
    return isFinite(schedule, t) ? -0.5 * Math.log(schedule.noiseToSignal(t)) : 0;
  }

  /** Whether lambda is: not for x_0 itself, nor for pure noise. */
  private static boolean isFinite(Schedule schedule, int t) {
    return t >= 0 && schedule.alphaBar(t) > 0;
  }
}
