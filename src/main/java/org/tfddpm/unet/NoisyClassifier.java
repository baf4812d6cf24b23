package org.tfddpm.unet;

import static org.tfddpm.nn.GroupNorm.normSwish;
import static org.tfddpm.nn.Layers.denseZero;

import java.util.Deque;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tfddpm.diffusion.Classifier;
import org.tfddpm.diffusion.Expr;
import org.tfddpm.nn.Fan;
import org.tfddpm.nn.Net;

/**
 * A classifier of noisy images (Dhariwal &amp; Nichol 2021, section 4): the way down and the middle
 * of a U-Net, norm, swish, the mean over the pixels, a dense layer.
 */
public final class NoisyClassifier {
  private NoisyClassifier() {}

  /** The network over these weights; the config's output channels are the classes. */
  public static Classifier of(Net net, UNetConfig config) {
    return (x, t) -> {
      Ops tf = net.tf();
      Deque<Operand<TFloat32>> told =
          Fan.out(tf, Embedding.of(net, config, t, null), config.encoderBlocks());
      Operand<TFloat32> h = Encoder.of(net, config, x, told).h();
      h = normSwish(net.in("norm_out"), h, config.groups());
      Operand<TFloat32> features = tf.math.mean(h, tf.array(1, 2));
      Operand<TFloat32> logits = denseZero(net.in("classes"), features, config.outChannels());
      return new Classifier.Verdict(new Expr(tf, features), new Expr(tf, logits));
    };
  }
}
