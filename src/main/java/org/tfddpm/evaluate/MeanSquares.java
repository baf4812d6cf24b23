package org.tfddpm.evaluate;

import java.util.Map;
import java.util.function.IntConsumer;
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
import org.tfddpm.model.Conditions;
import org.tfddpm.model.Model;
import org.tfddpm.nn.FrozenWeights;
import org.tfddpm.nn.Net;
import org.tfddpm.spec.GraphSpec;

/**
 * m_t = E||epsilonHat(x_t,t)||^2/d over data and noise, for every t: what the analytic variance
 * goes by (Bao et al. 2022, eq. 8, whose E||score||^2/d is m_t/(1-alphaBar_t)).
 *
 * <p>Estimated as the mean of epsilonHat^2 - epsilon^2 + 1. That is m_t, too, since E epsilon^2 =
 * 1, and at the noisy steps, where epsilonHat is nearly epsilon and the variance depends on what
 * m_t lacks to 1, it is many digits nearer.
 */
public final class MeanSquares implements AutoCloseable {
  private final Model model;
  private final Graph graph = new Graph();
  private final Session session;
  private final Placeholder<TFloat32> images;
  private final Placeholder<TInt32> labels;
  private final Placeholder<TInt32> t;
  private final Placeholder<TInt32> seed;
  private final Expr mean;

  /**
   * Builds the graph.
   *
   * @param weights by dotted path; copied
   */
  public MeanSquares(Model model, Map<String, TFloat32> weights, ConfigProto config) {
    this.model = model;
    GraphSpec.Image size = model.spec().getImage();
    Ops tf = Ops.create(graph);
    Shape shape = Shape.of(-1, size.getHeight(), size.getWidth(), size.getChannels());
    images = tf.placeholder(TFloat32.class, Placeholder.shape(shape));
    labels = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(-1)));
    t = tf.placeholder(TInt32.class, Placeholder.shape(Shape.scalar()));
    seed = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(2)));
    Conditions told = model.isConditional() ? Conditions.label(labels) : Conditions.NONE;
    Expr x0 = new Expr(tf, images);
    ReverseProcess p =
        model.reverse(Net.inference(tf, new FrozenWeights(weights)), told.withLow(model.low(x0)));
    Expr epsilon =
        new Expr(tf, tf.random.statelessRandomNormal(tf.shape(x0), seed, TFloat32.class));
    Operand<TInt32> rows =
        tf.fill(
            tf.reshape(tf.gather(tf.shape(x0), tf.constant(0), tf.constant(0)), tf.array(1)), t);
    Expr xt = p.q().qSample(x0, rows, epsilon);
    Expr estimate = p.estimate(xt, rows).epsilonHat();
    mean = estimate.squared().minus(epsilon.squared()).mean().plus(1);
    session = new Session(graph, config);
  }

  /**
   * The estimates for t = 0 ... T-1.
   *
   * @param examples a few suffice: ten are nearly as good as many (their table 8)
   * @param seed of the noise
   * @param done is told how many time steps are done
   */
  public double[] estimate(Examples examples, int seed, IntConsumer done) {
    double[] all = new double[model.schedule().steps()];
    for (int step = 0; step < all.length; step++) {
      all[step] = estimate(examples, seed, step);
      done.accept(step + 1);
    }
    return all;
  }

  /** The estimate for a time step. */
  double estimate(Examples examples, int seed, int step) {
    double sum = 0;
    for (int batch = 0; batch < examples.batches(); batch++) {
      sum += examples.size(batch) * mean(examples, batch, step, seed);
    }
    return sum / examples.count();
  }

  private double mean(Examples examples, int batch, int step, int chosen) {
    int noise = chosen * 1_000_003 + batch;
    try (TFloat32 x0 = examples.images(batch);
        TInt32 classes = TInt32.vectorOf(examples.labels(batch));
        TInt32 at = TInt32.scalarOf(step);
        TInt32 key = TInt32.vectorOf(step, noise)) {
      Session.Runner runner = session.runner().feed(images, x0).feed(t, at).feed(seed, key);
      if (model.isConditional()) {
        runner.feed(labels, classes);
      }
      try (Result result = runner.fetch(mean.asOutput()).run()) {
        return ((TFloat32) result.get(0)).getFloat();
      }
    }
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
