package org.tfddpm.unet;

import static org.tfddpm.nn.Layers.dense;
import static org.tfddpm.nn.Layers.swish;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tfddpm.nn.Net;

/** What the network is told of the time step. */
final class TimeEmbedding {
  private TimeEmbedding() {}

  /**
   * The sinusoidal position of t, then dense, swish, dense, to [N, 4 channels]: sin(t f_i) and
   * cos(t f_i) with f_i = 10000^(-i/(channels/2-1)) (Vaswani et al. 2017, as Ho et al. 2020 take
   * it).
   *
   * @param t [N], 0 ... T-1
   */
  static Operand<TFloat32> embed(Net net, Operand<TInt32> t, int channels) {
    long width = 4L * channels;
    Operand<TFloat32> hidden = dense(net.in("dense_0"), sinusoid(net.tf(), t, channels), width);
    return dense(net.in("dense_1"), swish(net, hidden), width);
  }

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
