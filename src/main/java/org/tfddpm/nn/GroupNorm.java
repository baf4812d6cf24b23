package org.tfddpm.nn;

import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.math.Mean;
import org.tensorflow.types.TFloat32;

/**
 * Group normalisation (Wu & He 2018) of [N,H,W,C]: over the pixels and the channels of each group,
 * {@code y = gamma (x - mean) / sqrt(variance + 1e-6) + beta}.
 *
 * <p>Calculated as one affine function a x + b of each channel, whose coefficients [N,C] come from
 * the means of x and x^2 of each channel: one pass over x to reduce and one to apply, where
 * reshaping x into groups takes six. E[x^2] - E[x]^2 loses float32 digits when a group's mean is
 * hundreds of times its deviation; a network of this kind stays far from that, and the variance is
 * kept from falling below 0.
 */
public final class GroupNorm {
  private static final float EPSILON = 1e-6f;

  private GroupNorm() {}

  /** Group norm of x. */
  public static Operand<TFloat32> norm(Net net, Operand<TFloat32> x, int groups) {
    Ops tf = net.tf();
    Deque<Operand<TFloat32>> xs = Fan.out(tf, x, 3);
    Stats stats = Stats.of(tf, Moments.of(tf, xs.pop(), xs.pop()), groups);
    return affine(net, xs.pop(), stats.inverseDeviation, stats.mean, Modulation.NONE);
  }

  /** Group norm followed by swish. */
  public static Operand<TFloat32> normSwish(Net net, Operand<TFloat32> x, int groups) {
    return Layers.swish(net, norm(net, x, groups));
  }

  /**
   * Group norm of {@code x + shift} followed by swish, without a pass over x for the addition: a
   * shift of a whole channel moves its moments only.
   *
   * @param shift [N,C] or [C], added to every pixel of its channel
   */
  public static Operand<TFloat32> normSwish(
      Net net, Operand<TFloat32> x, Operand<TFloat32> shift, int groups) {
    return normSwish(net, x, shift, Modulation.NONE, groups);
  }

  /**
   * swish((1 + scale) norm(x + shift) + shift'), where scale and shift' are the modulation's: two
   * more products of [N,C], and no further pass over x.
   */
  public static Operand<TFloat32> normSwish(
      Net net, Operand<TFloat32> x, Operand<TFloat32> shift, Modulation modulation, int groups) {
    Ops tf = net.tf();
    Deque<Operand<TFloat32>> xs = Fan.out(tf, x, 3);
    Deque<Operand<TFloat32>> shifts = Fan.out(tf, shift, 2);
    Moments moments = Moments.of(tf, xs.pop(), xs.pop()).shifted(tf, shifts.pop());
    Stats stats = Stats.of(tf, moments, groups);
    // (x + shift) - mean = x - (mean - shift)
    Operand<TFloat32> centre = tf.math.sub(stats.mean, shifts.pop());
    return Layers.swish(net, affine(net, xs.pop(), stats.inverseDeviation, centre, modulation));
  }

  /** What follows a norm: x becomes (1 + scale) x + shift; both [N,C], or null for neither. */
  public record Modulation(@Nullable Operand<TFloat32> scale, @Nullable Operand<TFloat32> shift) {
    /** x as it is. */
    static final Modulation NONE = new Modulation(null, null);
  }

  /** gamma (x - centre) inverseDeviation + beta, modulated, as a x + b with a and b [N,C]. */
  private static Operand<TFloat32> affine(
      Net net,
      Operand<TFloat32> x,
      Operand<TFloat32> inverseDeviation,
      Operand<TFloat32> centre,
      Modulation modulation) {
    Ops tf = net.tf();
    Shape channels = Shape.of(Layers.channelsOf(x));
    Operand<TFloat32> gamma = net.weight("gamma", channels, Init.ones());
    Operand<TFloat32> beta = net.weight("beta", channels, Init.zeros());
    Operand<TFloat32> a = tf.math.mul(inverseDeviation, gamma);
    Operand<TFloat32> b = tf.math.sub(beta, tf.math.mul(centre, a));
    if (modulation.scale != null && modulation.shift != null) {
      Operand<TFloat32> scale = tf.math.add(modulation.scale, tf.constant(1f));
      a = tf.math.mul(a, scale);
      b = tf.math.add(tf.math.mul(b, scale), modulation.shift);
    }
    return tf.math.add(tf.math.mul(x, toPixels(tf, a)), toPixels(tf, b));
  }

  /** [N,C] as [N,1,1,C]. */
  private static Operand<TFloat32> toPixels(Ops tf, Operand<TFloat32> x) {
    return tf.reshape(x, tf.array(-1L, 1, 1, Layers.channelsOf(x)));
  }

  /** E[x] and E[x^2] over the pixels of each channel, [N,C] both. */
  private record Moments(Operand<TFloat32> mean, Operand<TFloat32> meanSquare) {
    /** The moments of x, given twice. */
    static Moments of(Ops tf, Operand<TFloat32> x, Operand<TFloat32> again) {
      return new Moments(
          tf.math.mean(x, tf.array(1, 2)), tf.math.mean(tf.math.square(again), tf.array(1, 2)));
    }

    /** The moments of x + s: E[x] + s, and E[x^2] + s (2 E[x] + s). */
    Moments shifted(Ops tf, Operand<TFloat32> s) {
      Deque<Operand<TFloat32>> ss = Fan.out(tf, s, 3);
      Operand<TFloat32> twice = tf.math.mul(mean, tf.constant(2f));
      Operand<TFloat32> more = tf.math.mul(ss.pop(), tf.math.add(twice, ss.pop()));
      return new Moments(tf.math.add(mean, ss.pop()), tf.math.add(meanSquare, more));
    }
  }

  /** Mean and 1/deviation of each channel's group, [N,C] both. */
  private record Stats(Operand<TFloat32> mean, Operand<TFloat32> inverseDeviation) {
    static Stats of(Ops tf, Moments moments, int groups) {
      long channels = Layers.channelsOf(moments.mean);
      Operand<TFloat32> mean = overGroups(tf, moments.mean, groups);
      Operand<TFloat32> meanSquare = overGroups(tf, moments.meanSquare, groups);
      Operand<TFloat32> variance =
          tf.math.maximum(tf.math.sub(meanSquare, tf.math.square(mean)), tf.constant(0f));
      Operand<TFloat32> inverseDeviation =
          tf.math.rsqrt(tf.math.add(variance, tf.constant(EPSILON)));
      return new Stats(
          toChannels(tf, mean, groups, channels),
          toChannels(tf, inverseDeviation, groups, channels));
    }

    /** Mean over the channels of each group, [N,C] to [N,G,1]. */
    private static Operand<TFloat32> overGroups(Ops tf, Operand<TFloat32> x, int groups) {
      Operand<TFloat32> grouped =
          tf.reshape(x, tf.array(-1L, groups, Layers.channelsOf(x) / groups));
      return tf.math.mean(grouped, tf.array(2), Mean.keepDims(true));
    }

    /** Each group's value for each of its channels, [N,G,1] to [N,C]. */
    private static Operand<TFloat32> toChannels(
        Ops tf, Operand<TFloat32> x, int groups, long channels) {
      float[][][] ones = new float[1][groups][(int) (channels / groups)];
      for (float[] group : ones[0]) {
        Arrays.fill(group, 1);
      }
      return tf.reshape(tf.math.mul(x, tf.constant(ones)), tf.array(-1L, channels));
    }
  }
}
