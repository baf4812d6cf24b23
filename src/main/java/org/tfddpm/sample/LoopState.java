package org.tfddpm.sample;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.Signature;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TType;
import org.tfddpm.diffusion.Expr;

/**
 * The variables of the sampling loop, in their order.
 *
 * @param counter of the steps taken
 * @param end how many there are
 * @param index of the step in timeSteps
 * @param x [B,H,W,C]
 * @param timeSteps where each step begins, and -1
 * @param rows what each picture is made of
 * @param x0Before x0Hat of the steps before, the last one first, [B,H,W,C] each
 */
record LoopState(
    Operand<TInt32> counter,
    Operand<TInt32> end,
    Operand<TInt32> index,
    Operand<TFloat32> x,
    Operand<TInt32> timeSteps,
    Rows rows,
    List<? extends Operand<TFloat32>> x0Before) {
  /**
   * The variables as a function of the loop sees them.
   *
   * @param rows of the function
   */
  static LoopState placeholders(Ops f, Shape images, int remembers, Rows rows) {
    Shape scalar = Shape.scalar();
    List<Operand<TFloat32>> x0Before = new ArrayList<>();
    for (int i = 0; i < remembers; i++) {
      x0Before.add(placeholder(f, "x0_before_" + (i + 1), TFloat32.class, images));
    }
    return new LoopState(
        placeholder(f, "counter", TInt32.class, scalar),
        placeholder(f, "end", TInt32.class, scalar),
        placeholder(f, "index", TInt32.class, scalar),
        placeholder(f, "x", TFloat32.class, images),
        placeholder(f, "time_steps", TInt32.class, Shape.of(-1)),
        rows,
        x0Before);
  }

  /** The same, in whose place others may be fed, those of the way and of the rows excepted. */
  LoopState feedable(Ops tf) {
    return new LoopState(
        feedable(tf, counter),
        feedable(tf, end),
        feedable(tf, index),
        feedable(tf, x),
        timeSteps,
        rows,
        x0Before.stream().map(before -> feedable(tf, before)).toList());
  }

  private static <T extends TType> Operand<T> feedable(Ops tf, Operand<T> usual) {
    return tf.placeholderWithDefault(usual, anyRows(usual.shape()));
  }

  /** The variables that are images: x and x0Before. */
  List<Operand<?>> images() {
    List<Operand<?>> images = new ArrayList<>(List.of(x));
    images.addAll(x0Before);
    return images;
  }

  /** As many rows as there are, whatever the first ones know of their number. */
  Shape[] shapes() {
    return all().stream().map(variable -> anyRows(variable.shape())).toArray(Shape[]::new);
  }

  private static Shape anyRows(Shape shape) {
    return shape.isScalar() ? shape : shape.tail().prepend(-1);
  }

  /** These variables, as a loop leaves them. */
  LoopState after(Ops tf, Operation loop) {
    List<Operand<TFloat32>> estimates = new ArrayList<>();
    for (int i = all().size() - x0Before.size(); i < all().size(); i++) {
      estimates.add(loop.output(i));
    }
    return new LoopState(
        loop.output(0),
        end,
        loop.output(2),
        new Expr(tf, loop.output(3)),
        timeSteps,
        rows,
        estimates);
  }

  List<Operand<?>> all() {
    List<Operand<?>> all = new ArrayList<>(List.of(counter, end, index, x, timeSteps));
    all.addAll(rows.all());
    all.addAll(x0Before);
    return all;
  }

  /** The signature of a function of them, which has no outputs yet. */
  Signature.Builder signature() {
    Signature.Builder signature = Signature.builder();
    List<Operand<?>> inputs = all();
    for (int i = 0; i < inputs.size(); i++) {
      signature.input("variable_" + i, inputs.get(i));
    }
    return signature;
  }

  private static <T extends TType> Operand<T> placeholder(
      Ops f, String name, Class<T> type, Shape shape) {
    return f.withName(name).placeholder(type, Placeholder.shape(shape));
  }
}
