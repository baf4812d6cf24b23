package org.tfddpm.diffusion;

import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.nn.TopK;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * How x0Hat is brought into the range of images, [-1,1] (Saharia et al. 2022, Imagen, section 2.3).
 * epsilonHat follows, so that qSample(x0Hat, t, epsilonHat) = x_t still.
 */
@FunctionalInterface
public interface Thresholding {
  /** Not at all. */
  Thresholding NONE = (q, xt, t, estimate) -> estimate;

  /** Static thresholding: clipped to [-1,1], as Ho et al. 2020 do in ancestral sampling. */
  Thresholding STATIC = (q, xt, t, estimate) -> of(q, xt, t, estimate.x0Hat().clip(-1, 1));

  /**
   * Dynamic thresholding: with s the percentile of an image's |x0Hat|, but at least 1, x0Hat is
   * clipped to [-s,s] and divided by s.
   *
   * @param percentile 0 ... 1; 0.995 is usual. Between two values it is interpolated linearly
   */
  static Thresholding dynamic(double percentile) {
    return (q, xt, t, estimate) -> {
      Expr x0Hat = estimate.x0Hat();
      Shape shape = xt.asOutput().shape();
      int size = Math.toIntExact(shape.get(1) * shape.get(2) * shape.get(3));
      Expr s = percentile(x0Hat.abs(), size, percentile).clip(1, Float.MAX_VALUE);
      return of(q, xt, t, x0Hat.over(s).clip(-1, 1));
    };
  }

  /**
   * What samplers are to go by.
   *
   * @param xt [N,H,W,C], H, W and C known when the graph is built
   * @param t [N], 0 ... T-1
   * @param estimate what the network stands for
   */
  Prediction.Estimate of(
      ForwardProcess q, Expr xt, Operand<TInt32> t, Prediction.Estimate estimate);

  private static Prediction.Estimate of(ForwardProcess q, Expr xt, Operand<TInt32> t, Expr x0Hat) {
    return new Prediction.Estimate(x0Hat, q.epsilon(xt, t, x0Hat));
  }

  /** The percentile of each image of so many values, [N,1,1,1]. */
  private static Expr percentile(Expr values, int size, double percentile) {
    Ops tf = values.tf();
    double place = percentile * (size - 1);
    int below = (int) place;
    int count = size - below;
    Operand<TFloat32> rows = tf.reshape(values, tf.array(-1, size));
    // Falling: the last is the value below the percentile, the one before it that above.
    Operand<TFloat32> largest = tf.nn.topK(rows, tf.constant(count), new TopK.Options[0]).values();
    Expr low = column(tf, largest, count - 1);
    Expr high = column(tf, largest, Math.max(count - 2, 0));
    return low.plus(high.minus(low).times(place - below));
  }

  private static Expr column(Ops tf, Operand<TFloat32> rows, int column) {
    return new Expr(tf, tf.gather(rows, tf.constant(column), tf.constant(1))).perImage();
  }
}
