package org.tfddpm.evaluate;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tfddpm.diffusion.Expr;
import org.tfddpm.diffusion.ReverseProcess;
import org.tfddpm.diffusion.ReverseVariance;
import org.tfddpm.diffusion.Thresholding;
import org.tfddpm.diffusion.VariationalBound;
import org.tfddpm.model.Conditions;
import org.tfddpm.model.Model;
import org.tfddpm.nn.FrozenWeights;
import org.tfddpm.nn.Net;
import org.tfddpm.sample.Fed;
import org.tfddpm.spec.BadInput;

/** A trained network in a graph that asks of images what evaluation wants to know. */
final class NetworkOnData implements AutoCloseable {
  private final Graph graph = new Graph();
  private final Session session;
  private final Inputs inputs;
  private final Placeholder<TInt32> to;
  private final Operand<TFloat32> prior;
  private final Operand<TFloat32> term;
  private final Operand<TFloat32> missed;
  private final Operand<TFloat32> noisy;

  /**
   * Builds the graph.
   *
   * @param variance of the reverse process; null for the model's
   */
  NetworkOnData(
      Model model,
      Map<String, TFloat32> weights,
      @Nullable ReverseVariance variance,
      ConfigProto config) {
    Ops tf = Ops.create(graph);
    inputs = Inputs.of(tf, model.spec().getImage());
    to = tf.withName("to").placeholder(TInt32.class, Placeholder.shape(Shape.of(-1)));
    Operand<TInt32> t = inputs.t();
    Expr given = new Expr(tf, inputs.x());
    Conditions told = told(tf, model, t).withLow(model.low(given));
    ReverseProcess p = model.reverse(Net.inference(tf, new FrozenWeights(weights)), told);

    prior = VariationalBound.prior(p.q(), given, t);
    Expr noise = inputs.noise(tf, tf.math.add(t, tf.constant(1)));
    ReverseProcess clipped =
        (variance == null ? p : p.withVariance(variance)).with(Thresholding.STATIC);
    Expr xt = p.q().qSample(given, t, noise);
    noisy = xt;
    ReverseProcess.Look look = clipped.look(xt, t);
    Expr x0Hat = look.estimate().x0Hat();
    term = VariationalBound.term(p.q(), t, to, given, x0Hat, clipped.logVariance(look, t, to));
    missed = given.minus(x0Hat).squared().meanPerImage();

    session = new Session(graph, config);
  }

  static Conditions told(Ops tf, Model model, Operand<TInt32> t) {
    refuseWithoutNoLabel(model);
    return model.isConditional() ? Conditions.label(model.noLabel(tf, t)) : Conditions.NONE;
  }

  /**
   * Of a model with classes, the one that is told none is meant: what it knows of images of any.
   *
   * @throws BadInput if it was never told none
   */
  static void refuseWithoutNoLabel(Model model) {
    if (model.isConditional() && !model.allowsGuidance()) {
      throw new BadInput(
          "--metrics: bound, likelihood and reconstruction are of a model that can do without"
              + " labels, which condition.label_dropout 0 did not train; allowed is distances");
    }
  }

  /**
   * Where a network is asked of other x than the images: it would want their low resolution, too.
   *
   * @throws BadInput if it sees that
   */
  static void refuseUpsampling(Model model) {
    if (model.upsampling() > 1) {
      throw new BadInput(
          "--metrics: likelihood and reconstruction are of models that see no low-resolution image;"
              + " allowed are distances, bound");
    }
  }

  /** L_T of images for a chain that begins at a time step, bits per dimension, [n]. */
  float[] prior(float[] x0, int at) {
    try (Fed fed = inputs.fed(session, x0, 0, at);
        Result result = fed.runner().fetch(prior).run()) {
      return Inputs.floats(result, 0, inputs.count(x0));
    }
  }

  /**
   * L_{t-1} of images, or L_0 where tPrev is -1, and what x0Hat misses.
   *
   * @param firstSeed of the noise of the first image; they count up
   * @return bits per dimension, and mean squares, [2][n]
   */
  float[][] term(float[] x0, int firstSeed, int at, int tPrev) {
    int n = inputs.count(x0);
    try (Fed fed = inputs.fed(session, x0, firstSeed, at)) {
      Inputs.all(fed, to, n, tPrev);
      try (Result result = fed.runner().fetch(term).fetch(missed).run()) {
        return new float[][] {Inputs.floats(result, 0, n), Inputs.floats(result, 1, n)};
      }
    }
  }

  /** x_t of images, with the noise that {@link #term} takes, [n,H,W,C]. */
  float[] noisy(float[] x0, int firstSeed, int at) {
    try (Fed fed = inputs.fed(session, x0, firstSeed, at);
        Result result = fed.runner().fetch(noisy).run()) {
      return Inputs.floats(result, 0, x0.length);
    }
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
