package org.tfddpm.diffusion.sampler;

import org.tensorflow.Operand;
import org.tensorflow.types.TInt32;
import org.tfddpm.diffusion.Coefficients;
import org.tfddpm.diffusion.Expr;
import org.tfddpm.diffusion.schedule.Schedule;

/**
 * Noise that is added before each step of a solver of the probability-flow ODE (Karras et al. 2022,
 * algorithm 2). In sigma_t = sqrt((1-alphaBar_t)/alphaBar_t) the noise is raised from sigma_t to
 * sigmaHat = (1 + gamma) sigma_t, and the solver steps down from there:
 *
 * <p>gamma = min(S_churn/N, sqrt(2)-1) where S_tmin &lt;= sigma_t &lt;= S_tmax, else 0.
 *
 * <p>The network knows T levels of noise only. So the step begins at tHat, the first time step from
 * t on whose sigma is sigmaHat or more, with just the noise that leads there,
 *
 * <p>x_tHat = sqrt(alphaBar_tHat/alphaBar_t) x_t + S_noise sqrt(1 - alphaBar_tHat/alphaBar_t) z,
 *
 * <p>which for S_noise = 1 is a sample of q(x_tHat|x_t). Where the levels lie further apart than 1
 * + gamma, as they do next to x_0, that is more noise than was asked for; Karras et al. take the
 * nearest level, which there adds none. Above the noisiest level that still has something of x_0
 * nothing is added.
 *
 * @param gamma 0 (nothing is added) ... sqrt(2)-1
 * @param sTmin least sigma at which noise is added
 * @param sTmax largest
 * @param sNoise deviation of the noise; slightly above 1 in the paper, against its loss of detail
 */
public record Churn(double gamma, double sTmin, double sTmax, double sNoise) {
  /** Nothing is added. */
  public static final Churn NONE = of(0, 1);

  /**
   * At every level, with S_noise = 1.
   *
   * @param sChurn S_churn, from 0
   * @param steps N, how many time steps are visited
   */
  public static Churn of(double sChurn, int steps) {
    return new Churn(Math.min(sChurn / steps, Math.sqrt(2) - 1), 0, Double.POSITIVE_INFINITY, 1);
  }

  /** The sampler with noise added before each of its steps. It must ask for none of its own. */
  public Sampler before(Sampler sampler) {
    if (gamma == 0) {
      return sampler;
    }
    return (p, x, step) -> {
      Coefficients at = p.q().coefficients();
      Operand<TInt32> tHat = at.timeStep(step.t(), this::raised);
      Expr kept = at.of(step.t(), (s, t) -> Math.sqrt(kept(s, t)));
      Expr added = at.of(step.t(), (s, t) -> sNoise * Math.sqrt(1 - kept(s, t)));
      Expr raised = x.times(kept).plus(step.noise().get().times(added));
      return sampler.step(
          p, raised, new Sampler.Step(tHat, step.tPrev(), step.noise(), step.before()));
    };
  }

  /** tHat. */
  int raised(Schedule schedule, int t) {
    double sigma = Math.sqrt(schedule.noiseToSignal(t));
    if (gamma == 0 || sigma < sTmin || sigma > sTmax) {
      return t;
    }
    int tHat = t;
    while (Math.sqrt(schedule.noiseToSignal(tHat)) < (1 + gamma) * sigma
        && tHat + 1 < schedule.steps()
        && schedule.alphaBar(tHat + 1) > 0) {
      tHat++;
    }
    return tHat;
  }

  /** alphaBar_tHat/alphaBar_t; 1 where nothing is added. */
  private double kept(Schedule schedule, int t) {
    int tHat = t < 0 ? t : raised(schedule, t);
    return tHat == t ? 1 : schedule.alphaBar(tHat) / schedule.alphaBar(t);
  }
}
