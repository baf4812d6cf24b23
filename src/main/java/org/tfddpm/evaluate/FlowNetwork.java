package org.tfddpm.evaluate;

import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.types.TFloat32;
import org.tfddpm.diffusion.Expr;
import org.tfddpm.model.Model;
import org.tfddpm.nn.FrozenWeights;
import org.tfddpm.nn.Net;
import org.tfddpm.sample.Fed;

/**
 * A trained network in a graph that tells epsilonHat and an estimate of its divergence: v^T J v
 * with J = d epsilonHat / d x and v of signs, one draw for each image (Hutchinson; Song et al.
 * 2021, eq. 40).
 */
final class FlowNetwork implements AutoCloseable {
  private final Graph graph = new Graph();
  private final Session session;
  private final Inputs inputs;
  private final Operand<TFloat32> signs;
  private final Operand<TFloat32> epsilonHat;
  private final Operand<TFloat32> divergence;

  /** Builds the graph; of a model with classes, the one that is told none. */
  FlowNetwork(Model model, Map<String, TFloat32> weights, ConfigProto config) {
    NetworkOnData.refuseUpsampling(model);
    Ops tf = Ops.create(graph);
    inputs = Inputs.of(tf, model.spec().getImage());
    Expr output =
        model
            .reverse(
                Net.inference(tf, new FrozenWeights(weights)),
                NetworkOnData.told(tf, model, inputs.t()))
            .estimate(new Expr(tf, inputs.x()), inputs.t())
            .epsilonHat();
    epsilonHat = output;
    // Draw 0 is x_T's, which no image of the data takes; its signs are independent.
    Expr drawn = new Expr(tf, tf.math.sign(inputs.noise(tf, tf.constant(0))));
    Operand<TFloat32> along = tf.reduceSum(output.times(drawn), tf.array(0, 1, 2, 3));
    Output<?>[] gradient =
        graph.addGradients(along.asOutput(), new Output<?>[] {inputs.x().asOutput()});
    Expr vJ = new Expr(tf, gradient[0].expect(TFloat32.class));
    divergence = vJ.times(drawn).meanPerImage().times(inputs.dimension());
    signs = drawn;
    session = new Session(graph, config);
  }

  /** v of images, [n,H,W,C]: -1 and 1. */
  float[] signs(int firstSeed, int n) {
    int count = n * inputs.dimension();
    try (Fed fed = inputs.fed(session, new float[count], firstSeed, 0);
        Result result = fed.runner().fetch(signs).run()) {
      return Inputs.floats(result, 0, count);
    }
  }

  /**
   * Asks it.
   *
   * @param values [n,H,W,C] at the time step
   * @param firstSeed of the signs of the first image; they count up
   */
  ProbabilityFlow.Look at(float[] values, int firstSeed, int at) {
    try (Fed fed = inputs.fed(session, values, firstSeed, at);
        Result result = fed.runner().fetch(epsilonHat).fetch(divergence).run()) {
      return new ProbabilityFlow.Look(
          Inputs.floats(result, 0, values.length), Inputs.floats(result, 1, inputs.count(values)));
    }
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
