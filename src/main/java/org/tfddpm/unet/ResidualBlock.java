package org.tfddpm.unet;

import static org.tfddpm.nn.GroupNorm.normSwish;
import static org.tfddpm.nn.Layers.biasOf;
import static org.tfddpm.nn.Layers.channelsOf;
import static org.tfddpm.nn.Layers.conv;
import static org.tfddpm.nn.Layers.convUnbiased;
import static org.tfddpm.nn.Layers.convZero;
import static org.tfddpm.nn.Layers.dense;

import java.util.Deque;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tfddpm.nn.Fan;
import org.tfddpm.nn.GroupNorm.Modulation;
import org.tfddpm.nn.Net;

/**
 * The residual block of Ho et al. 2020, and as options what Dhariwal &amp; Nichol 2021 make of it.
 */
final class ResidualBlock {
  private ResidualBlock() {}

  /**
   * norm, swish, conv; plus the time; norm, swish, dropout, conv; plus the input, by a 1x1
   * convolution where the channels change. [N,H,W,C] to [N,H,W,channels].
   *
   * <p>With scaleShift the time is (1 + scale) and shift of what the second norm gives instead.
   * Resampling stands before the first convolution and in the way around.
   *
   * <p>conv_0's bias and the time are one shift per channel, which the norm after them takes in
   * without a pass over the feature map.
   *
   * @param embedding of the time and the label, [N,E]
   */
  static Operand<TFloat32> apply(
      Net net,
      UNetConfig config,
      Operand<TFloat32> x,
      Operand<TFloat32> embedding,
      long channels,
      Resampling resampling) {
    Ops tf = net.tf();
    int groups = config.groups();
    Net conv0 = net.in("conv_0");
    Deque<Operand<TFloat32>> xs = Fan.out(tf, x, 2);
    Operand<TFloat32> h = normSwish(net.in("norm_0"), xs.pop(), groups);
    h = convUnbiased(conv0, resampling.apply(net, h), channels, 3);
    Operand<TFloat32> bias = biasOf(conv0, channels);
    if (config.scaleShift()) {
      List<Output<TFloat32>> both =
          tf.split(tf.constant(1), dense(net.in("time"), embedding, 2 * channels), 2L).output();
      Modulation modulation = new Modulation(both.get(0), both.get(1));
      h = normSwish(net.in("norm_1"), h, bias, modulation, groups);
    } else {
      Operand<TFloat32> shift = tf.math.add(dense(net.in("time"), embedding, channels), bias);
      h = normSwish(net.in("norm_1"), h, shift, groups);
    }
    h = net.dropout().drop(tf, h, config.dropout());
    h = convZero(net.in("conv_1"), h, channels, 3);
    Operand<TFloat32> shortcut = resampling.apply(net, xs.pop());
    if (channelsOf(x) != channels) {
      shortcut = conv(net.in("shortcut"), shortcut, channels, 1);
    }
    return tf.math.add(shortcut, h);
  }
}
