package org.tfddpm.train;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;
import org.tfddpm.diffusion.Expr;
import org.tfddpm.nn.Init;
import org.tfddpm.nn.Variables.Variable;
import org.tfddpm.spec.GraphSpec;

/**
 * Adam (Kingma & Ba 2015), its powers of beta functions of the step.
 *
 * <p>The framework's Adam keeps them as variables, which race with the updates that read them.
 */
final class Adam {
  private final List<Variable> moments = new ArrayList<>();
  private final List<Op> updates = new ArrayList<>();

  /**
   * Adds a step to the graph.
   *
   * @param gradients one for each weight
   * @param step steps taken before
   */
  Adam(
      Ops tf,
      GraphSpec.Training spec,
      List<Variable> weights,
      List<Expr> gradients,
      Expr learningRate,
      Operand<TInt64> step) {
    Operand<TFloat32> taken = tf.dtypes.cast(tf.math.add(step, tf.constant(1L)), TFloat32.class);
    Operand<TFloat32> beta1 = tf.constant((float) spec.getAdamBeta1());
    Operand<TFloat32> beta2 = tf.constant((float) spec.getAdamBeta2());
    Operand<TFloat32> beta1Power = tf.math.pow(beta1, taken);
    Operand<TFloat32> beta2Power = tf.math.pow(beta2, taken);
    Operand<TFloat32> epsilon = tf.constant((float) spec.getAdamEpsilon());
    for (int i = 0; i < weights.size(); i++) {
      Variable weight = weights.get(i);
      Variable first = moment(tf, "adam_m/", weight);
      Variable second = moment(tf, "adam_v/", weight);
      updates.add(
          tf.train.resourceApplyAdam(
              weight.handle(),
              first.handle(),
              second.handle(),
              beta1Power,
              beta2Power,
              learningRate,
              beta1,
              beta2,
              epsilon,
              gradients.get(i)));
    }
  }

  /** The ops that change the weights, one for each. */
  List<Op> updates() {
    return updates;
  }

  /** First and second moments of the gradients. */
  List<Variable> moments() {
    return moments;
  }

  private Variable moment(Ops tf, String folder, Variable weight) {
    Operand<TFloat32> zeros = Init.zeros().values(tf.withInitScope(), weight.shape(), 0);
    Variable moment = Variable.create(tf, folder + weight.path(), weight.shape(), zeros);
    moments.add(moment);
    return moment;
  }
}
