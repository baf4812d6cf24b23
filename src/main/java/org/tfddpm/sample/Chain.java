package org.tfddpm.sample;

import org.tfddpm.diffusion.Expr;
import org.tfddpm.diffusion.ForwardProcess;

/**
 * The way that pictures take.
 *
 * @param start where it begins
 * @param timeSteps where each step begins, and where the last one ends, as {@link TimeSteps} has
 *     them
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Chain(Start start, int[] timeSteps) {
  /** Where a way begins, as an expression of its graph. */
  @FunctionalInterface
  public interface Start {
    /**
     * x at the first time step.
     *
     * @param noise of each row's seed, [B,H,W,C]
     * @return [B,H,W,C]
     */
    Expr x(ForwardProcess q, Expr noise);
  }

  /**
   * From noise to pictures.
   *
   * @param tau the time steps to visit, rising
   */
  public static Chain fromNoise(int[] tau) {
    return new Chain((q, noise) -> noise, TimeSteps.down(tau));
  }

  /**
   * From what the sampler is given in place of a picture to noise.
   *
   * @param tau the time steps to visit, rising
   */
  public static Chain toNoise(int[] tau) {
    return new Chain((q, noise) -> noise, TimeSteps.up(tau));
  }
}
