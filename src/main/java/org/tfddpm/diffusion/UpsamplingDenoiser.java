package org.tfddpm.diffusion;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.image.ResizeBilinear;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * A denoiser that sees a low-resolution image, too: scaled up bilinearly, as further channels
 * beside those of x_t (Saharia et al. 2021, arXiv:2104.07636, section 2.3; Nichol &amp; Dhariwal
 * 2021, section 3). Another model's pictures in its place make a cascade (Ho et al. 2022,
 * arXiv:2106.15282).
 *
 * @param network takes [N,H,W,2C]
 * @param low [N,H/factor,W/factor,C] in [-1,1]
 */
public record UpsamplingDenoiser(Denoiser network, Expr low) implements Denoiser {
  @Override
  public Expr predict(Expr x, Operand<TInt32> t) {
    Ops tf = x.tf();
    int height = (int) x.shape().get(1);
    int width = (int) x.shape().get(2);
    Operand<TFloat32> large =
        tf.image.resizeBilinear(
            low, tf.array(height, width), ResizeBilinear.halfPixelCenters(true));
    return network.predict(new Expr(tf, tf.concat(List.of(x, large), tf.constant(3))), t);
  }

  /**
   * The low-resolution image of an image: the mean of each factor x factor pixels.
   *
   * @param x0 [N,H,W,C], H and W divisible by the factor
   * @return [N,H/factor,W/factor,C]
   */
  public static Expr low(Expr x0, int factor) {
    Ops tf = x0.tf();
    List<Long> window = List.of(1L, (long) factor, (long) factor, 1L);
    return new Expr(tf, tf.nn.avgPool(x0, window, window, "VALID"));
  }
}
