package org.tfddpm.diffusion;

import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.op.math.Mean;
import org.tensorflow.types.TFloat32;

/**
 * A float32 expression of the graph, so that equations can be written in the order of the papers:
 * {@code x0.times(sqrtAlphaBar).plus(epsilon.times(sqrtOneMinusAlphaBar))}. Shapes broadcast.
 */
public record Expr(Ops tf, Operand<TFloat32> value) implements Operand<TFloat32> {
  /** The expression of an operand. */
  public static Expr of(Ops tf, Operand<TFloat32> value) {
    return value instanceof Expr expr ? new Expr(tf, expr.value) : new Expr(tf, value);
  }

  /** A constant scalar. */
  public static Expr of(Ops tf, double value) {
    return new Expr(tf, tf.constant((float) value));
  }

  /** this + that. */
  public Expr plus(Expr that) {
    return new Expr(tf, tf.math.add(value, that.value));
  }

  /** this + that. */
  public Expr plus(double that) {
    return plus(of(tf, that));
  }

  /** this - that. */
  public Expr minus(Expr that) {
    return new Expr(tf, tf.math.sub(value, that.value));
  }

  /** this - that. */
  public Expr minus(double that) {
    return minus(of(tf, that));
  }

  /** this * that, element by element. */
  public Expr times(Expr that) {
    return new Expr(tf, tf.math.mul(value, that.value));
  }

  /** this * that. */
  public Expr times(double that) {
    return times(of(tf, that));
  }

  /** this / that, element by element. */
  public Expr over(Expr that) {
    return new Expr(tf, tf.math.div(value, that.value));
  }

  /** -this. */
  public Expr negate() {
    return new Expr(tf, tf.math.neg(value));
  }

  /** this squared. */
  public Expr squared() {
    return new Expr(tf, tf.math.square(value));
  }

  /** The square root; this must not be negative. */
  public Expr sqrt() {
    return new Expr(tf, tf.math.sqrt(value));
  }

  /** The natural logarithm; this must be positive. */
  public Expr log() {
    return new Expr(tf, tf.math.log(value));
  }

  /** e to the power of this. */
  public Expr exp() {
    return new Expr(tf, tf.math.exp(value));
  }

  /** The error function, 2/sqrt(pi) times the integral of exp(-s^2) over s in 0 ... this. */
  public Expr erf() {
    return new Expr(tf, tf.math.erf(value));
  }

  /** The largest integer not above this. */
  public Expr floor() {
    return new Expr(tf, tf.math.floor(value));
  }

  /** This, but at least low and at most high. */
  public Expr clip(double low, double high) {
    return new Expr(
        tf,
        tf.math.maximum(
            tf.math.minimum(value, tf.constant((float) high)), tf.constant((float) low)));
  }

  /** The absolute value. */
  public Expr abs() {
    return new Expr(tf, tf.math.abs(value));
  }

  /**
   * This where the condition is above 0, that elsewhere. What is not taken may be infinite or NaN.
   */
  public Expr where(Expr condition, Expr that) {
    return new Expr(
        tf, tf.select(tf.math.greater(condition.value, tf.constant(0f)), value, that.value));
  }

  /** One number a row, [N], as [N,1,1,1]: broadcasts over images. */
  public Expr perImage() {
    return new Expr(tf, tf.reshape(value, tf.array(-1, 1, 1, 1)));
  }

  /** The mean of each image, [N,H,W,C] to [N]. */
  public Expr meanPerImage() {
    return new Expr(tf, tf.math.mean(value, tf.array(1, 2, 3)));
  }

  /** The mean of all elements, a scalar. */
  public Expr mean() {
    int[] axes = new int[value.shape().numDimensions()];
    for (int i = 0; i < axes.length; i++) {
      axes[i] = i;
    }
    return new Expr(tf, tf.math.mean(value, tf.constant(axes)));
  }

  /** The mean of each image, [N,1,1,1], of [N,H,W,C]. */
  public Expr meanOfEach() {
    return new Expr(tf, tf.math.mean(value, tf.array(1, 2, 3), Mean.keepDims(true)));
  }

  @Override
  public Output<TFloat32> asOutput() {
    return value.asOutput();
  }

  @Override
  public Operation op() {
    return value.op();
  }
}
