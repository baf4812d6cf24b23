package org.tfddpm.train;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tfddpm.diffusion.Expr;
import org.tfddpm.nn.Variables.Variable;

/**
 * The exponential moving average of the weights, with which pictures are made: average <- decay
 * average + (1-decay) weight after each step, beginning at the first weights.
 */
final class Averages {
  private final List<Variable> variables = new ArrayList<>();
  private final List<Op> updates = new ArrayList<>();

  /**
   * Adds a step to the graph.
   *
   * @param changes the op that changes each weight; the average takes in the weight after it
   */
  Averages(Ops tf, double decay, List<Variable> weights, List<Op> changes) {
    for (int i = 0; i < weights.size(); i++) {
      Variable weight = weights.get(i);
      Variable average =
          Variable.create(tf, "averaged/" + weight.path(), weight.shape(), weight.first());
      Expr changed =
          new Expr(
              tf,
              tf.withControlDependencies(changes.get(i))
                  .readVariableOp(weight.handle(), TFloat32.class));
      Expr towards = new Expr(tf, average.value()).minus(changed).times(1 - decay);
      variables.add(average);
      updates.add(tf.assignSubVariableOp(average.handle(), towards));
    }
  }

  /** The averages, in the order of the weights. */
  List<Variable> variables() {
    return variables;
  }

  /** The ops that bring them up to date. */
  List<Op> updates() {
    return updates;
  }
}
