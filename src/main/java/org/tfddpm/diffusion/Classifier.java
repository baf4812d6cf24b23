package org.tfddpm.diffusion;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** A classifier of noisy images, p(y|x_t), as training and guidance see it. */
@FunctionalInterface
public interface Classifier {
  /**
   * What it tells of noisy images.
   *
   * @param x [N,H,W,C]
   * @param t [N], 0 ... T-1
   */
  Verdict look(Expr x, Operand<TInt32> t);

  /**
   * What it tells.
   *
   * @param features by which it goes, [N,F]
   * @param logits of the classes, [N,classes]
   */
  record Verdict(Expr features, Expr logits) {
    /** p(y|x_t) of each class, [N,classes]. */
    public Expr probabilities() {
      return new Expr(logits.tf(), logits.tf().nn.softmax(logits));
    }

    /**
     * log p(y|x_t) in nats, [N]; 0 where y is no class.
     *
     * @param y [N], 0 ... classes-1, or another number for none
     */
    public Expr logProbability(Operand<TInt32> y) {
      Ops tf = logits.tf();
      Operand<TFloat32> which =
          tf.oneHot(y, tf.constant(classes()), tf.constant(1f), tf.constant(0f));
      Operand<TFloat32> ofAll = tf.nn.logSoftmax(logits);
      return new Expr(tf, tf.reduceSum(tf.math.mul(which, ofAll), tf.constant(1)));
    }

    /** 1 where y is the class with the largest probability, 0 elsewhere, [N]. */
    public Expr hits(Operand<TInt32> y) {
      Ops tf = logits.tf();
      Operand<TInt32> largest = tf.math.argMax(logits, tf.constant(1), TInt32.class);
      return new Expr(tf, tf.dtypes.cast(tf.math.equal(largest, y), TFloat32.class));
    }

    private int classes() {
      return (int) logits.shape().get(1);
    }
  }
}
