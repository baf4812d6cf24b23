package org.tfddpm.train;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tfddpm.diffusion.Expr;
import org.tfddpm.nn.Fan;
import org.tfddpm.nn.Variables.Variable;

/** The gradients of the loss with respect to all weights, and their norm. */
final class Gradients {
  private final Expr norm;
  private final List<Expr> clipped;

  /**
   * Adds them to the graph.
   *
   * @param clipNorm gradients are scaled down to this global norm; 0 leaves them as they are
   */
  Gradients(Ops tf, Graph graph, Expr loss, List<Variable> weights, double clipNorm) {
    Output<?>[] values =
        weights.stream().map(weight -> weight.value().asOutput()).toArray(Output<?>[]::new);
    List<Expr> gradients = new ArrayList<>();
    for (Output<?> gradient : graph.addGradients(loss.asOutput(), values)) {
      gradients.add(new Expr(tf, gradient.expect(TFloat32.class)));
    }
    refuseLargeSums(graph);
    norm = globalNorm(tf, gradients);
    if (clipNorm == 0) {
      clipped = gradients;
    } else {
      Expr limit = Expr.of(tf, clipNorm);
      Expr scale = limit.over(new Expr(tf, tf.math.maximum(norm, limit)));
      clipped = gradients.stream().map(gradient -> gradient.times(scale)).toList();
    }
  }

  /** Their global norm before clipping: the root of the sum of all squares. */
  Expr norm() {
    return norm;
  }

  /** One for each weight, after clipping. */
  List<Expr> clipped() {
    return clipped;
  }

  private static Expr globalNorm(Ops tf, List<Expr> gradients) {
    List<Operand<TFloat32>> halfSquares = new ArrayList<>();
    for (Expr gradient : gradients) {
      halfSquares.add(tf.nn.l2Loss(gradient));
    }
    Operand<TFloat32> sum = tf.reduceSum(tf.stack(halfSquares), tf.constant(0));
    return new Expr(tf, sum).times(2).sqrt();
  }

  /** An AddN of more than two would make runs differ in their last bits: see {@link Fan}. */
  private static void refuseLargeSums(Graph graph) {
    for (Iterator<GraphOperation> ops = graph.operations(); ops.hasNext(); ) {
      GraphOperation op = ops.next();
      if (op.type().equals("AddN") && op.numInputs() > 2) {
        throw new IllegalStateException(
            String.format(
                "%s adds the gradients of %d uses of a tensor of shape %s: fan it out",
                op.name(), op.numInputs(), op.output(0).shape()));
      }
    }
  }
}
