package org.tfddpm.evaluate;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tfddpm.diffusion.DdimSampler;
import org.tfddpm.diffusion.Expr;
import org.tfddpm.diffusion.Prediction;
import org.tfddpm.diffusion.ReverseProcess;
import org.tfddpm.diffusion.Sampler;
import org.tfddpm.diffusion.SeededNormal;
import org.tfddpm.diffusion.Thresholding;
import org.tfddpm.diffusion.VariationalBound;
import org.tfddpm.model.Conditions;
import org.tfddpm.model.Model;
import org.tfddpm.nn.FrozenWeights;
import org.tfddpm.nn.Net;
import org.tfddpm.spec.BadInput;
import org.tfddpm.spec.GraphSpec;

/** A trained network in a graph that asks of images what evaluation wants to know. */
final class NetworkOnData implements AutoCloseable {
  private final Graph graph = new Graph();
  private final Session session;
  private final Shape image;
  private final int last;
  private final Placeholder<TFloat32> x;
  private final Placeholder<TInt32> seeds;
  private final Placeholder<TInt32> t;
  private final Placeholder<TInt32> to;
  private final Operand<TFloat32> prior;
  private final Operand<TFloat32> term;
  private final Operand<TFloat32> missed;
  private final Operand<TFloat32> begun;
  private final Operand<TFloat32> moved;

  NetworkOnData(Model model, Map<String, TFloat32> weights, ConfigProto config) {
    GraphSpec.Image size = model.spec().getImage();
    image = Shape.of(size.getHeight(), size.getWidth(), size.getChannels());
    last = model.schedule().steps() - 1;
    Ops tf = Ops.create(graph);
    Placeholder.Options rows = Placeholder.shape(Shape.of(-1));
    x = tf.withName("x").placeholder(TFloat32.class, Placeholder.shape(image.prepend(-1)));
    seeds = tf.withName("seed").placeholder(TInt32.class, rows);
    t = tf.withName("t").placeholder(TInt32.class, rows);
    to = tf.withName("to").placeholder(TInt32.class, rows);
    ReverseProcess p =
        model.reverse(Net.inference(tf, new FrozenWeights(weights)), told(tf, model, t));
    Expr given = new Expr(tf, x);

    prior = VariationalBound.prior(p.q(), given, t);
    Expr noise =
        SeededNormal.of(
            tf,
            seeds,
            tf.math.add(t, tf.constant(1)),
            size.getHeight(),
            size.getWidth(),
            size.getChannels());
    ReverseProcess clipped = p.with(Thresholding.STATIC);
    ReverseProcess.Look look = clipped.look(p.q().qSample(given, t, noise), t);
    Expr x0Hat = look.estimate().x0Hat();
    term = VariationalBound.term(p.q(), t, to, given, x0Hat, clipped.logVariance(look, t, to));
    missed = given.minus(x0Hat).squared().meanPerImage();

    Prediction.Estimate atX = p.estimate(given, t);
    begun = p.q().qSample(given, t, atX.epsilonHat());
    moved =
        DdimSampler.DETERMINISTIC
            .step(
                p,
                given,
                new Sampler.Step(
                    t,
                    to,
                    () -> {
                      throw new AssertionError("eta 0 takes no noise");
                    }))
            .xPrev();
    session = new Session(graph, config);
  }

  /** Of a model with classes, the one that is told none: what it knows of images of any class. */
  private static Conditions told(Ops tf, Model model, Operand<TInt32> t) {
    if (!model.isConditional()) {
      return Conditions.NONE;
    }
    if (!model.allowsGuidance()) {
      throw new BadInput(
          "--metrics: bound and reconstruction are of a model that can do without labels, which"
              + " condition.label_dropout 0 did not train; allowed is distances");
    }
    int none = model.spec().getCondition().getClasses();
    return Conditions.label(tf.math.add(tf.math.mul(t, tf.constant(0)), tf.constant(none)));
  }

  /** L_T of images, bits per dimension, [n]. */
  float[] prior(float[] x0) {
    return run(prior, x0, 0, last, 0);
  }

  /**
   * L_{t-1} of images, or L_0 where tPrev is -1, and what x0Hat misses.
   *
   * @param firstSeed of the noise of the first image; they count up
   * @return bits per dimension, and mean squares, [2][n]
   */
  float[][] term(float[] x0, int firstSeed, int at, int tPrev) {
    int n = count(x0);
    try (TFloat32 fed = tensor(x0);
        TInt32 seed = TInt32.vectorOf(IntStream.range(firstSeed, firstSeed + n).toArray());
        TInt32 from = all(n, at);
        TInt32 down = all(n, tPrev);
        Result result =
            session
                .runner()
                .feed(x, fed)
                .feed(seeds, seed)
                .feed(t, from)
                .feed(to, down)
                .fetch(term)
                .fetch(missed)
                .run()) {
      float[][] both = new float[2][n];
      ((TFloat32) result.get(0)).copyTo(DataBuffers.of(both[0], false, false));
      ((TFloat32) result.get(1)).copyTo(DataBuffers.of(both[1], false, false));
      return both;
    }
  }

  /** From x_0 to x_t along the probability-flow ODE in one step, by epsilonHat(x_0, t). */
  float[] begin(float[] x0, int at) {
    return run(begun, x0, 0, at, at);
  }

  /** From x_t to x_to along the same, in either direction, in one step. */
  float[] move(float[] xt, int at, int target) {
    return run(moved, xt, 0, at, target);
  }

  /** Values of an image. */
  int dimension() {
    return (int) image.size();
  }

  private int count(float[] values) {
    return values.length / dimension();
  }

  private float[] run(Operand<TFloat32> asked, float[] given, int seed, int at, int target) {
    int n = count(given);
    try (TFloat32 fed = tensor(given);
        TInt32 seedFed = all(n, seed);
        TInt32 from = all(n, at);
        TInt32 down = all(n, target);
        Result result =
            session
                .runner()
                .feed(x, fed)
                .feed(seeds, seedFed)
                .feed(t, from)
                .feed(to, down)
                .fetch(asked)
                .run()) {
      float[] values = new float[(int) result.get(0).shape().size()];
      ((TFloat32) result.get(0)).copyTo(DataBuffers.of(values, false, false));
      return values;
    }
  }

  private TFloat32 tensor(float[] values) {
    return TFloat32.tensorOf(image.prepend(count(values)), DataBuffers.of(values, true, false));
  }

  private static TInt32 all(int n, int value) {
    int[] values = new int[n];
    Arrays.fill(values, value);
    return TInt32.vectorOf(values);
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
