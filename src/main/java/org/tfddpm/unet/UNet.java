package org.tfddpm.unet;

import static org.tfddpm.nn.GroupNorm.normSwish;
import static org.tfddpm.nn.Layers.convZero;

import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tfddpm.diffusion.Denoiser;
import org.tfddpm.diffusion.Expr;
import org.tfddpm.nn.Fan;
import org.tfddpm.nn.Net;

/**
 * The U-Net of Ho et al. 2020, appendix B: residual blocks and attention on the way down, in the
 * middle, and on the way up, where each block also sees the feature map that the way down left at
 * its place.
 */
public final class UNet {
  private UNet() {}

  /**
   * The network over these weights, as a denoiser.
   *
   * @param label [N], 0 ... labels-1; null for a network without
   */
  public static Denoiser denoiser(Net net, UNetConfig config, @Nullable Operand<TInt32> label) {
    return (x, t) -> new Expr(net.tf(), apply(net, config, x, t, label));
  }

  /**
   * The network's output for x.
   *
   * @param x [N,H,W,C], H and W known and divisible by 2^(levels-1)
   * @param t [N], 0 ... T-1
   * @param label [N], 0 ... labels-1; null for a network without
   * @return [N,H,W,outChannels]
   */
  public static Operand<TFloat32> apply(
      Net net,
      UNetConfig config,
      Operand<TFloat32> x,
      Operand<TInt32> t,
      @Nullable Operand<TInt32> label) {
    Deque<Operand<TFloat32>> told =
        Fan.out(net.tf(), Embedding.of(net, config, t, label), config.residualBlocks());
    Encoder encoded = Encoder.of(net, config, x, told);
    Deque<Operand<TFloat32>> skips = encoded.skips();
    Operand<TFloat32> h = encoded.h();
    for (int level = config.levels() - 1; level >= 0; level--) {
      Net at = net.in("up_" + level);
      for (int block = 0; block <= config.blocks(); block++) {
        Operand<TFloat32> both = net.tf().concat(List.of(h, skips.pop()), net.tf().constant(3));
        h = Level.block(at, config, block, both, told.pop(), config.channelsAt(level));
      }
      if (level > 0) {
        h =
            Level.resample(
                Resampling.UP, at.in("upsample"), config, h, told, config.channelsAt(level));
      }
    }
    h = normSwish(net.in("norm_out"), h, config.groups());
    return convZero(net.in("conv_out"), h, config.outChannels(), 3);
  }
}
