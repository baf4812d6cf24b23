package org.tfddpm.unet;

import static org.tfddpm.nn.Layers.conv;

import java.util.ArrayDeque;
import java.util.Deque;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;
import org.tfddpm.nn.Net;

/**
 * The way down and the middle of a U-Net, which is all that a classifier has of it.
 *
 * @param h the feature map of the middle, [N,H/2^(levels-1),W/2^(levels-1),C]
 * @param skips the feature maps of the way down, the last one first
 */
record Encoder(Operand<TFloat32> h, Deque<Operand<TFloat32>> skips) {
  /**
   * Builds it.
   *
   * @param x [N,H,W,C]
   * @param told the embedding, once for each residual block; those of the way down and of the
   *     middle are taken
   */
  static Encoder of(
      Net net, UNetConfig config, Operand<TFloat32> x, Deque<Operand<TFloat32>> told) {
    Deque<Operand<TFloat32>> skips = new ArrayDeque<>();
    Operand<TFloat32> h = conv(net.in("conv_in"), x, config.baseChannels(), 3);
    skips.push(h);
    for (int level = 0; level < config.levels(); level++) {
      Net at = net.in("down_" + level);
      long channels = config.channelsAt(level);
      for (int block = 0; block < config.blocks(); block++) {
        h = Level.block(at, config, block, h, told.pop(), channels);
        skips.push(h);
      }
      if (level + 1 < config.levels()) {
        h = Level.resample(Resampling.DOWN, at.in("downsample"), config, h, told, channels);
        skips.push(h);
      }
    }
    return new Encoder(middle(net.in("middle"), config, h, told), skips);
  }

  private static Operand<TFloat32> middle(
      Net net, UNetConfig config, Operand<TFloat32> x, Deque<Operand<TFloat32>> told) {
    long channels = config.channelsAt(config.levels() - 1);
    Operand<TFloat32> h =
        ResidualBlock.apply(net.in("block_0"), config, x, told.pop(), channels, Resampling.NONE);
    h = Attention.apply(net.in("attention"), config, h);
    return ResidualBlock.apply(net.in("block_1"), config, h, told.pop(), channels, Resampling.NONE);
  }
}
