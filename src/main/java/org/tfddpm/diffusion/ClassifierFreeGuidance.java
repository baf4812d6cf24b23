package org.tfddpm.diffusion;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * Classifier-free guidance (Ho &amp; Salimans 2022, eq. 6): the output is (1+w) output(x,t,label) -
 * w output(x,t,none). Written for epsilon; x0, v and the mean depend on epsilon linearly for a
 * given x_t, so that it is the same of each. A learned variance stays the labelled one's.
 *
 * <p>With a rescale of phi in (0,1] the guided output is multiplied by 1 - phi + phi
 * std(labelled)/std(guided), so that a large w does not overexpose (Lin et al. 2024, section 3.4).
 */
public final class ClassifierFreeGuidance implements Denoiser {
  private final Denoiser both;
  private final Expr w;
  private final double rescale;
  private final int channels;

  /**
   * Guidance.
   *
   * @param both gives the output of 2N rows, of which it takes the first N with their labels and
   *     the others without
   * @param w [N], from 0 (the labels alone)
   * @param rescale phi, 0 ... 1
   * @param channels of an image
   */
  public ClassifierFreeGuidance(Denoiser both, Expr w, double rescale, int channels) {
    this.both = both;
    this.w = w;
    this.rescale = rescale;
    this.channels = channels;
  }

  @Override
  public Expr predict(Expr x, Operand<TInt32> t) {
    Ops tf = x.tf();
    Operand<TInt32> rows = tf.constant(0);
    Expr output =
        both.predict(new Expr(tf, tf.concat(List.of(x, x), rows)), tf.concat(List.of(t, t), rows));
    List<Expr> halves = split(output, 0, 2);
    int parts = (int) (output.shape().get(3) / channels);
    List<Expr> labelled = split(halves.get(0), 3, parts);
    Expr with = labelled.get(0);
    Expr without = split(halves.get(1), 3, parts).get(0);
    Expr guided = with.plus(with.minus(without).times(w.perImage()));
    if (rescale > 0) {
      Expr ratio = deviation(with).over(deviation(guided));
      guided = guided.times(ratio.times(rescale).plus(1 - rescale).perImage());
    }
    return parts == 1
        ? guided
        : new Expr(tf, tf.concat(List.of(guided, labelled.get(1)), tf.constant(3)));
  }

  private static List<Expr> split(Expr x, int axis, int parts) {
    if (parts == 1) {
      return List.of(x);
    }
    List<Expr> all = new ArrayList<>();
    for (Operand<TFloat32> part : x.tf().split(x.tf().constant(axis), x, (long) parts).output()) {
      all.add(new Expr(x.tf(), part));
    }
    return all;
  }

  /** Over the pixels and channels of each image, [N]; never 0. */
  private static Expr deviation(Expr x) {
    Expr centred = x.minus(x.meanPerImage().perImage());
    return centred.squared().meanPerImage().plus(1e-12).sqrt();
  }
}
