package org.tfddpm.unet;

import static org.tfddpm.nn.Layers.dense;
import static org.tfddpm.nn.Layers.embedding;
import static org.tfddpm.nn.Layers.swish;

import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tfddpm.nn.Net;

/** What every residual block is told: the time step, and the label where there is one. */
final class Embedding {
  private Embedding() {}

  /**
   * swish(time + label), [N, 4 channels]: the sinusoidal position of t, then dense, swish, dense
   * (Ho et al. 2020, appendix B); plus a row of a table for the label (Dhariwal &amp; Nichol 2021).
   *
   * @param t [N], 0 ... T-1
   * @param label [N], a row of the table; null for a network without
   */
  static Operand<TFloat32> of(
      Net net, UNetConfig config, Operand<TInt32> t, @Nullable Operand<TInt32> label) {
    int channels = config.baseChannels();
    long width = 4L * channels;
    Net time = net.in("time");
    Operand<TFloat32> hidden = dense(time.in("dense_0"), sinusoid(net.tf(), t, channels), width);
    Operand<TFloat32> both = dense(time.in("dense_1"), swish(time, hidden), width);
    if (label != null) {
      both = net.tf().math.add(both, embedding(net.in("label"), label, config.labels(), width));
    }
    return swish(net, both);
  }

  /** sin(t f_i) and cos(t f_i) with f_i = 10000^(-i/(channels/2-1)) (Vaswani et al. 2017). */
  private static Operand<TFloat32> sinusoid(Ops tf, Operand<TInt32> t, int channels) {
    int half = channels / 2;
    float[] frequencies = new float[half];
    for (int i = 0; i < half; i++) {
      frequencies[i] = (float) Math.exp(-i * Math.log(10000) / (half - 1));
    }
    Operand<TFloat32> angles =
        tf.math.mul(
            tf.reshape(tf.dtypes.cast(t, TFloat32.class), tf.array(-1, 1)),
            tf.reshape(tf.constant(frequencies), tf.array(1, half)));
    return tf.concat(java.util.List.of(tf.math.sin(angles), tf.math.cos(angles)), tf.constant(1));
  }
}
