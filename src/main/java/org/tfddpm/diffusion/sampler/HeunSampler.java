package org.tfddpm.diffusion.sampler;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tfddpm.diffusion.Coefficients;
import org.tfddpm.diffusion.Expr;
import org.tfddpm.diffusion.ReverseProcess;
import org.tfddpm.diffusion.schedule.Schedule;

/**
 * Heun's method for the probability-flow ODE, of second order: two looks of the network a step
 * (Karras et al. 2022, algorithm 1; algorithm 2 is {@link Churn} before it). With sigma =
 * sqrt((1-alphaBar)/alphaBar) the ODE of x/sqrt(alphaBar) is d/dsigma = epsilonHat. Euler's step is
 * DDIM's without noise; epsilonHat' where it leads corrects it:
 *
 * <p>x_tPrev = Euler's + sqrt(alphaBar_tPrev) (sigma_t - sigma_tPrev) (epsilonHat - epsilonHat') /
 * 2.
 *
 * <p>The step to x_0, where the network was never trained, one out of x_0, and one out of pure
 * noise, where sigma is infinite, stay Euler's.
 *
 * @param euler {@link DdimSampler#DETERMINISTIC}, or {@link DdimInversion#SAMPLER} for steps in
 *     either direction
 */
public record HeunSampler(Sampler euler) implements Sampler {
  @Override
  public Result step(ReverseProcess p, Expr x, Step step) {
    Ops tf = x.tf();
    Coefficients at = p.q().coefficients();
    Result first = euler.step(p, x, step);
    Operand<TInt32> there = tf.math.maximum(step.tPrev(), tf.constant(0));
    Expr epsilonThere = p.estimate(first.xPrev(), there).epsilonHat();
    Expr fall = at.of(step.t(), HeunSampler::sigma).minus(at.of(step.tPrev(), HeunSampler::sigma));
    Expr corrects =
        at.of(step.t(), (s, t) -> t >= 0 && s.alphaBar(t) > 0 ? 1 : 0)
            .times(at.of(step.tPrev(), (s, t) -> t < 0 ? 0 : 1));
    Expr correction = first.epsilonHat().minus(epsilonThere).times(fall.times(corrects).times(0.5));
    Expr xPrev = first.xPrev().plus(correction.times(at.sqrtAlphaBar(step.tPrev())));
    return new Result(xPrev, first.x0Hat(), first.epsilonHat());
  }

  /** Where it is infinite, any number: it is not looked at. */
  private static double sigma(Schedule schedule, int t) {
    return schedule.alphaBar(t) > 0 ? Math.sqrt(schedule.noiseToSignal(t)) : 0;
  }
}
