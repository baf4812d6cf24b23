package org.tfddpm.sample;

import org.jspecify.annotations.Nullable;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tfddpm.diffusion.Expr;
import org.tfddpm.diffusion.ForwardProcess;
import org.tfddpm.diffusion.SeededNormal;
import org.tfddpm.spec.GraphSpec;

/**
 * The way that pictures take.
 *
 * @param start where it begins
 * @param timeSteps where each step begins, and where the last one ends, as {@link TimeSteps} has
 *     them
 * @param known what the pictures keep; where the time steps rise it is by noise then. Null for
 *     nothing
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Chain(Start start, int[] timeSteps, @Nullable Known known) {
  /** One on which nothing is known. */
  public Chain(Start start, int[] timeSteps) {
    this(start, timeSteps, null);
  }

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
   * From a picture to others like it: up into the noise at once, and down as from noise (SDEdit,
   * Meng et al. 2022, algorithm 1). Pictures are the nearer the lower the strength.
   *
   * @param x0 the picture, [H,W,C] in [-1,1]
   * @param tau the time steps to visit, rising
   * @param strength which fraction of them is visited, above 0, up to 1: at the last of these it
   *     begins with a sample of q(x_t|x_0), whose noise is that of each row's seed
   */
  public static Chain fromImage(float[] x0, GraphSpec.Image size, int[] tau, double strength) {
    int[] visited = TimeSteps.lower(tau, strength);
    int t = visited[visited.length - 1];
    Shape shape = Shape.of(1, size.getHeight(), size.getWidth(), size.getChannels());
    return new Chain(
        (q, noise) -> {
          Ops tf = noise.tf();
          Expr picture = new Expr(tf, tf.constant(shape, DataBuffers.of(x0)));
          return q.qSample(picture, tf.constant(new int[] {t}), noise);
        },
        TimeSteps.down(visited));
  }

  /**
   * From noise to pictures that keep a part of one, with a method that goes by x_t alone (Lugmayr
   * et al. 2022, RePaint, algorithm 1).
   *
   * @param tau the time steps to visit, rising
   * @param times R, how often each part of the way is gone down, 1 ... {@link #mostResampling}
   * @param jump J, how many of the time steps are gone up for it, from 1
   */
  public static Chain inpainting(Known known, int[] tau, int times, int jump) {
    return new Chain((q, noise) -> noise, TimeSteps.resampled(tau, times, jump), known);
  }

  /** The largest R of {@link #inpainting}, where each step takes noise of its own, of T steps. */
  public static int mostResampling(int noiseLevels) {
    // A way comes by a time step at most twice for each R.
    return (SeededNormal.LIMIT / noiseLevels - 1) / (2 * LoopBody.DRAWS_OF_KNOWN);
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
