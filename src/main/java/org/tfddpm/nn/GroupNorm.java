package org.tfddpm.nn;

import java.util.Arrays;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Reshape;
import org.tensorflow.op.math.Mean;
import org.tensorflow.types.TFloat32;

/**
 * Group normalisation (Wu & He 2018) of [N,H,W,C]: over the pixels and the channels of each group,
 * {@code y = gamma (x - mean) / sqrt(variance + epsilon) + beta}.
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
    Moments moments = Moments.of(tf, x);
    Affine affine = moments.normalise(net, groups);
    return affine.apply(tf, x);
  }

  /** Group norm followed by swish. */
  public static Operand<TFloat32> normSwish(Net net, Operand<TFloat32> x, int groups) {
    return Layers.swish(net, norm(net, x, groups));
  }

  /**
   * Group norm of {@code x + shift} followed by swish, without a pass over x for the addition: a
   * shift of a whole channel moves its mean only.
   *
   * @param shift [N,C] or [C], added to every pixel of its channel
   */
  public static Operand<TFloat32> normSwish(
      Net net, Operand<TFloat32> x, Operand<TFloat32> shift, int groups) {
    Ops tf = net.tf();
    Moments moments = Moments.of(tf, x).shifted(tf, shift);
    Affine affine = moments.normalise(net, groups);
    Affine unshifted = new Affine(affine.a, tf.math.add(affine.b, tf.math.mul(affine.a, shift)));
    return Layers.swish(net, unshifted.apply(tf, x));
  }

  /** E[x] and E[x^2] over the pixels of each channel, [N,C] both. */
  private record Moments(Operand<TFloat32> mean, Operand<TFloat32> meanSquare) {
    static Moments of(Ops tf, Operand<TFloat32> x) {
      Operand<org.tensorflow.types.TInt32> pixels = tf.array(1, 2);
      return new Moments(tf.math.mean(x, pixels), tf.math.mean(tf.math.square(x), pixels));
    }

    /** The moments of x + s: E[x] + s and E[x^2] + 2 s E[x] + s^2. */
    Moments shifted(Ops tf, Operand<TFloat32> s) {
      Operand<TFloat32> cross = tf.math.mul(s, tf.math.add(tf.math.add(mean, mean), s));
      return new Moments(tf.math.add(mean, s), tf.math.add(meanSquare, cross));
    }

    /** The affine function that gives each group mean 0 and variance 1, then gamma and beta. */
    Affine normalise(Net net, int groups) {
      Ops tf = net.tf();
      long channels = Layers.channelsOf(mean);
      Operand<TFloat32> gamma = net.weight("gamma", Shape.of(channels), Init.ones());
      Operand<TFloat32> beta = net.weight("beta", Shape.of(channels), Init.zeros());
      Operand<TFloat32> groupMean = overGroups(tf, mean, groups);
      Operand<TFloat32> variance =
          tf.math.maximum(
              tf.math.sub(overGroups(tf, meanSquare, groups), tf.math.square(groupMean)),
              tf.constant(0f));
      Operand<TFloat32> inverseDeviation =
          tf.math.rsqrt(tf.math.add(variance, tf.constant(EPSILON)));
      Operand<TFloat32> a = tf.math.mul(perChannel(tf, inverseDeviation, groups, channels), gamma);
      Operand<TFloat32> b =
          tf.math.sub(beta, tf.math.mul(perChannel(tf, groupMean, groups, channels), a));
      return new Affine(a, b);
    }

    /** Mean over the channels of each group, [N,C] to [N,G,1]. */
    private static Operand<TFloat32> overGroups(Ops tf, Operand<TFloat32> x, int groups) {
      Reshape<TFloat32> grouped =
          tf.reshape(x, tf.array(-1L, groups, Layers.channelsOf(x) / groups));
      return tf.math.mean(grouped, tf.array(2), Mean.keepDims(true));
    }

    /** Each group's value for each of its channels, [N,G,1] to [N,C]. */
    private static Operand<TFloat32> perChannel(
        Ops tf, Operand<TFloat32> x, int groups, long channels) {
      float[][][] ones = new float[1][groups][(int) (channels / groups)];
      for (float[] group : ones[0]) {
        Arrays.fill(group, 1);
      }
      Operand<TFloat32> spread = tf.math.mul(x, tf.constant(ones));
      return tf.reshape(spread, tf.array(-1L, channels));
    }
  }

  /** y = a x + b for each channel; a and b are [N,C]. */
  private record Affine(Operand<TFloat32> a, Operand<TFloat32> b) {
    Operand<TFloat32> apply(Ops tf, Operand<TFloat32> x) {
      return tf.math.add(tf.math.mul(x, overPixels(tf, a)), overPixels(tf, b));
    }

    private static Operand<TFloat32> overPixels(Ops tf, Operand<TFloat32> coefficients) {
      return tf.reshape(coefficients, tf.array(-1L, 1, 1, Layers.channelsOf(coefficients)));
    }
  }
}
