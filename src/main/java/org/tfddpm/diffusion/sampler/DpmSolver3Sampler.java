package org.tfddpm.diffusion.sampler;

import org.tfddpm.diffusion.Expr;
import org.tfddpm.diffusion.Prediction;
import org.tfddpm.diffusion.ReverseProcess;

/**
 * DPM-Solver++(3M): a solver of third order for the probability-flow ODE that looks once a step and
 * goes by the two looks before, too (Lu et al. 2022, DPM-Solver++, section 4 with a Taylor
 * expansion of third order). With lambda and h of {@link DpmSolverSampler},
 *
 * <p>x_tPrev = sqrt(1-alphaBar_tPrev)/sqrt(1-alphaBar_t) x_t + sqrt(alphaBar_tPrev) ((1-e^-h) x0Hat
 * + phi D1 + (1 - 2 phi/h) D2), phi = 1 - (1-e^-h)/h,
 *
 * <p>which is exact where x0Hat is a parabola in lambda, x0Hat + D1 u + D2 u^2 after u steps h. The
 * one through the estimates m_0 = x0Hat, m_1, m_2 of this step and those before, r_0 and r_1 steps
 * h long, has
 *
 * <p>D2 = (d_0-d_1)/(r_0+r_1), D1 = d_0 + r_0 D2 with d_0 = (m_0-m_1)/r_0, d_1 = (m_1-m_2)/r_1.
 *
 * <p>The program of the paper's authors, and diffusers after it, take half of that D2 where they go
 * by steps before: their error falls with the square of h only.
 *
 * <p>Where steps grow a lot in lambda, as the last ones of few that are spread evenly in t do, the
 * parabola is followed far beyond what it was laid through, and DpmSolverSampler does better; the
 * authors' program lowers the order of the last steps where there are few.
 *
 * <p>A step with fewer than two usable ones before it is DpmSolverSampler's: of second order, or
 * DDIM's. So is the one to x_0.
 */
public final class DpmSolver3Sampler implements Sampler {
  @Override
  public Result step(ReverseProcess p, Expr x, Step step) {
    HalfLogSnr lambda = new HalfLogSnr(p.q().coefficients());
    Prediction.Estimate estimate = p.estimate(x, step.t());
    Before one = step.before().get(0);
    Before two = step.before().get(1);
    Expr h = lambda.at(step.tPrev()).minus(lambda.at(step.t()));
    Expr r0 = lambda.at(step.t()).minus(lambda.at(one.t())).over(h);
    Expr r1 = lambda.at(one.t()).minus(lambda.at(two.t())).over(h);
    Expr slope0 = estimate.x0Hat().minus(one.x0Hat()).over(r0);
    Expr slope1 = one.x0Hat().minus(two.x0Hat()).over(r1);
    Expr d2 = slope0.minus(slope1).over(r0.plus(r1));
    Expr d1 = slope0.plus(d2.times(r0));
    Expr fall = DpmSolverSampler.fall(p.q(), step);
    Expr phi = fall.over(h).negate().plus(1);
    Expr third =
        estimate
            .x0Hat()
            .times(fall)
            .plus(d1.times(phi))
            .plus(d2.times(phi.over(h).times(-2).plus(1)));
    Expr second = DpmSolverSampler.d(lambda, step, estimate.x0Hat()).times(fall);
    Expr counts =
        lambda
            .differ(step.t(), one.t())
            .times(lambda.differ(one.t(), two.t()))
            .times(lambda.isFinite(two.t()))
            .times(lambda.isFinite(step.tPrev()));
    Expr xPrev = DpmSolverSampler.xPrev(p.q(), x, step, third.where(counts, second));
    return new Result(xPrev, estimate.x0Hat(), estimate.epsilonHat());
  }
}
