package org.tfddpm.unet;

import static org.tfddpm.nn.GroupNorm.norm;
import static org.tfddpm.nn.Layers.channelsOf;
import static org.tfddpm.nn.Layers.conv;
import static org.tfddpm.nn.Layers.convZero;

import java.util.Deque;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tfddpm.nn.Fan;
import org.tfddpm.nn.Net;

/** Self-attention between the pixels of a feature map. */
final class Attention {
  private Attention() {}

  /**
   * x + out(softmax(q k^T / sqrt(C/heads)) v) with q, k, v and out 1x1 convolutions of norm(x);
   * [N,H,W,C] to the same.
   */
  static Operand<TFloat32> apply(Net net, UNetConfig config, Operand<TFloat32> x) {
    Ops tf = net.tf();
    long channels = channelsOf(x);
    long pixels = x.shape().get(1) * x.shape().get(2);
    long heads = config.attention().headsOf(channels);
    Deque<Operand<TFloat32>> xs = Fan.out(tf, x, 2);
    Deque<Operand<TFloat32>> hs = Fan.out(tf, norm(net.in("norm"), xs.pop(), config.groups()), 3);
    Operand<TFloat32> q = split(tf, conv(net.in("q"), hs.pop(), channels, 1), pixels, heads);
    Operand<TFloat32> k = split(tf, conv(net.in("k"), hs.pop(), channels, 1), pixels, heads);
    Operand<TFloat32> v = split(tf, conv(net.in("v"), hs.pop(), channels, 1), pixels, heads);
    // q before the product, not the product: OpenVINO 2026.4.1 calculates the other order wrongly.
    Operand<TFloat32> scaled =
        tf.math.mul(q, tf.constant((float) (1 / Math.sqrt((double) channels / heads))));
    Operand<TFloat32> weights = tf.nn.softmax(matMul(tf, scaled, k, true));
    Operand<TFloat32> attended = join(tf, matMul(tf, weights, v, false), x, heads);
    return tf.math.add(xs.pop(), convZero(net.in("out"), attended, channels, 1));
  }

  /** [N,H,W,C] to [N,heads,HW,C/heads], or [N,HW,C] for one head. */
  private static Operand<TFloat32> split(Ops tf, Operand<TFloat32> x, long pixels, long heads) {
    long channels = channelsOf(x);
    if (heads == 1) {
      return tf.reshape(x, tf.array(-1L, pixels, channels));
    }
    return tf.linalg.transpose(
        tf.reshape(x, tf.array(-1L, pixels, heads, channels / heads)), tf.array(0, 2, 1, 3));
  }

  /** The inverse of split, to the shape of x. */
  private static Operand<TFloat32> join(
      Ops tf, Operand<TFloat32> attended, Operand<TFloat32> x, long heads) {
    Operand<TFloat32> byPixel =
        heads == 1 ? attended : tf.linalg.transpose(attended, tf.array(0, 2, 1, 3));
    long height = x.shape().get(1);
    long width = x.shape().get(2);
    return tf.reshape(byPixel, tf.array(-1L, height, width, channelsOf(x)));
  }

  /** BatchMatMulV2: what the generated method builds, V3, is unknown to TF.js. */
  private static Operand<TFloat32> matMul(
      Ops tf, Operand<TFloat32> a, Operand<TFloat32> b, boolean transposeB) {
    return tf.scope()
        .opBuilder("BatchMatMulV2", "BatchMatMul")
        .addInput(a.asOutput())
        .addInput(b.asOutput())
        .setAttr("adj_y", transposeB)
        .build()
        .output(0);
  }
}
