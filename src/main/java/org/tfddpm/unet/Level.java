package org.tfddpm.unet;

import static org.tfddpm.nn.Layers.conv;
import static org.tfddpm.nn.Layers.convDown;

import java.util.Deque;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;
import org.tfddpm.nn.Net;

/** What the levels of a network are built of, on the way down and on the way up. */
final class Level {
  private Level() {}

  /** A residual block, and attention after it where feature maps of this height attend. */
  static Operand<TFloat32> block(
      Net level,
      UNetConfig config,
      int block,
      Operand<TFloat32> x,
      Operand<TFloat32> embedding,
      long channels) {
    Operand<TFloat32> h =
        ResidualBlock.apply(
            level.in("block_" + block), config, x, embedding, channels, Resampling.NONE);
    boolean attends = config.attention().heights().contains((int) h.shape().get(1));
    return attends ? Attention.apply(level.in("attention_" + block), config, h) : h;
  }

  /** To half or double height and width: by a residual block or by a convolution. */
  static Operand<TFloat32> resample(
      Resampling how,
      Net net,
      UNetConfig config,
      Operand<TFloat32> x,
      Deque<Operand<TFloat32>> told,
      long channels) {
    if (config.residualResampling()) {
      return ResidualBlock.apply(net, config, x, told.pop(), channels, how);
    }
    return how == Resampling.DOWN
        ? convDown(net, x, channels, 3)
        : conv(net, how.apply(net, x), channels, 3);
  }
}
