package org.tfddpm.evaluate;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tfddpm.diffusion.Expr;
import org.tfddpm.diffusion.SeededNormal;
import org.tfddpm.model.Model;
import org.tfddpm.nn.FrozenWeights;
import org.tfddpm.nn.Net;
import org.tfddpm.spec.GraphSpec;

/**
 * A trained network in a graph that tells epsilonHat and an estimate of its divergence: v^T J v
 * with J = d epsilonHat / d x and v of signs, one draw for each image (Hutchinson; Song et al.
 * 2021, eq. 40).
 */
final class FlowNetwork implements AutoCloseable {
  private final Graph graph = new Graph();
  private final Session session;
  private final Shape image;
  private final Placeholder<TFloat32> x;
  private final Placeholder<TInt32> seeds;
  private final Placeholder<TInt32> t;
  private final Operand<TFloat32> signs;
  private final Operand<TFloat32> epsilonHat;
  private final Operand<TFloat32> divergence;

  /** Builds the graph; of a model with classes, the one that is told none. */
  FlowNetwork(Model model, Map<String, TFloat32> weights, ConfigProto config) {
    NetworkOnData.refuseUpsampling(model);
    GraphSpec.Image size = model.spec().getImage();
    image = Shape.of(size.getHeight(), size.getWidth(), size.getChannels());
    Ops tf = Ops.create(graph);
    x = tf.withName("x").placeholder(TFloat32.class, Placeholder.shape(image.prepend(-1)));
    seeds = tf.withName("seed").placeholder(TInt32.class, Placeholder.shape(Shape.of(-1)));
    t = tf.withName("t").placeholder(TInt32.class, Placeholder.shape(Shape.of(-1)));
    Expr output =
        model
            .reverse(
                Net.inference(tf, new FrozenWeights(weights)), NetworkOnData.told(tf, model, t))
            .estimate(new Expr(tf, x), t)
            .epsilonHat();
    epsilonHat = output;
    // Draw 0 is x_T's, which no image of the data takes; its signs are independent.
    Expr drawn =
        new Expr(
            tf,
            tf.math.sign(
                SeededNormal.of(
                    tf,
                    seeds,
                    tf.constant(0),
                    size.getHeight(),
                    size.getWidth(),
                    size.getChannels())));
    Operand<TFloat32> along = tf.reduceSum(output.times(drawn), tf.array(0, 1, 2, 3));
    Output<?>[] gradient = graph.addGradients(along.asOutput(), new Output<?>[] {x.asOutput()});
    Expr vJ = new Expr(tf, gradient[0].expect(TFloat32.class));
    divergence = vJ.times(drawn).meanPerImage().times((double) image.size());
    signs = drawn;
    session = new Session(graph, config);
  }

  /** v of images, [n,H,W,C]: -1 and 1. */
  float[] signs(int firstSeed, int n) {
    try (TInt32 seed = TInt32.vectorOf(IntStream.range(firstSeed, firstSeed + n).toArray());
        Result result = session.runner().feed(seeds, seed).fetch(signs).run()) {
      float[] values = new float[n * (int) image.size()];
      ((TFloat32) result.get(0)).copyTo(DataBuffers.of(values, false, false));
      return values;
    }
  }

  /**
   * Asks it.
   *
   * @param values [n,H,W,C] at the time step
   * @param firstSeed of the signs of the first image; they count up
   */
  ProbabilityFlow.Look at(float[] values, int firstSeed, int at) {
    int n = values.length / (int) image.size();
    int[] steps = new int[n];
    Arrays.fill(steps, at);
    try (TFloat32 fed = TFloat32.tensorOf(image.prepend(n), DataBuffers.of(values, true, false));
        TInt32 seed = TInt32.vectorOf(IntStream.range(firstSeed, firstSeed + n).toArray());
        TInt32 from = TInt32.vectorOf(steps);
        Result result =
            session
                .runner()
                .feed(x, fed)
                .feed(seeds, seed)
                .feed(t, from)
                .fetch(epsilonHat)
                .fetch(divergence)
                .run()) {
      ProbabilityFlow.Look look = new ProbabilityFlow.Look(new float[values.length], new float[n]);
      ((TFloat32) result.get(0)).copyTo(DataBuffers.of(look.epsilonHat(), false, false));
      ((TFloat32) result.get(1)).copyTo(DataBuffers.of(look.divergence(), false, false));
      return look;
    }
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
