package org.tfddpm.unet;

import static org.tfddpm.nn.GroupNorm.normSwish;
import static org.tfddpm.nn.Layers.biasOf;
import static org.tfddpm.nn.Layers.channelsOf;
import static org.tfddpm.nn.Layers.conv;
import static org.tfddpm.nn.Layers.convUnbiased;
import static org.tfddpm.nn.Layers.convZero;
import static org.tfddpm.nn.Layers.dense;

import java.util.Deque;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tfddpm.nn.Fan;
import org.tfddpm.nn.Net;

/** The residual block of Ho et al. 2020. */
final class ResidualBlock {
  private ResidualBlock() {}

  /**
   * norm, swish, conv; plus the time; norm, swish, dropout, conv; plus the input, by a 1x1
   * convolution where the channels change. [N,H,W,C] to [N,H,W,channels].
   *
   * <p>conv_0's bias and the time are one shift per channel, which the norm after them takes in
   * without a pass over the feature map.
   *
   * @param time swish of the time embedding, [N,E]
   */
  static Operand<TFloat32> apply(
      Net net, UNetConfig config, Operand<TFloat32> x, Operand<TFloat32> time, long channels) {
    Ops tf = net.tf();
    int groups = config.groups();
    Net conv0 = net.in("conv_0");
    Deque<Operand<TFloat32>> xs = Fan.out(tf, x, 2);
    Operand<TFloat32> h = normSwish(net.in("norm_0"), xs.pop(), groups);
    h = convUnbiased(conv0, h, channels, 3);
    Operand<TFloat32> shift =
        tf.math.add(dense(net.in("time"), time, channels), biasOf(conv0, channels));
    h = normSwish(net.in("norm_1"), h, shift, groups);
    h = net.dropout().drop(tf, h, config.dropout());
    h = convZero(net.in("conv_1"), h, channels, 3);
    Operand<TFloat32> shortcut = xs.pop();
    if (channelsOf(x) != channels) {
      shortcut = conv(net.in("shortcut"), shortcut, channels, 1);
    }
    return tf.math.add(shortcut, h);
  }
}
