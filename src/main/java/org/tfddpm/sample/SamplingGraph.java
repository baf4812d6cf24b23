package org.tfddpm.sample;

import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;
import org.tfddpm.diffusion.Expr;
import org.tfddpm.model.Model;
import org.tfddpm.nn.FrozenWeights;
import org.tfddpm.spec.BadInput;
import org.tfddpm.spec.GraphSpec;

/**
 * Chains of a batch of pictures, and a session for them.
 *
 * @param rows what each picture is made of
 * @param noise of each row's seed, [B,H,W,C]
 * @param start of the chains; what is fed in its place decides
 * @param end of the chains, or of the part that is gone
 * @param pixels of x at the end
 * @param estimate the pixels of x0Hat of the last step
 * @param steps how many each chain has
 */
record SamplingGraph(
    Graph graph,
    Session session,
    Rows rows,
    Operand<TFloat32> noise,
    LoopState start,
    LoopState end,
    Operand<TUint8> pixels,
    Operand<TUint8> estimate,
    int steps)
    implements AutoCloseable {
  static SamplingGraph of(
      Model model,
      Map<String, TFloat32> weights,
      ImageSampler.Options options,
      Chain chain,
      ConfigProto config) {
    Graph graph = new Graph();
    Ops tf = Ops.create(graph);
    if (model.upsampling() > 1 && options.wanted().low().isEmpty()) {
      GraphSpec.Image low = model.lowSize();
      throw new BadInput(
          "the model makes pictures of low-resolution ones: --low-resolution PATH of sample gives"
              + " them, height x width "
              + low.getHeight()
              + "x"
              + low.getWidth());
    }
    boolean guided = options.wanted().guidance() > 0;
    Rows rows = Rows.placeholders(tf, model, options.settings(), guided);
    try (SamplingLoop loop =
        new SamplingLoop(
            tf,
            model,
            new FrozenWeights(weights),
            options.method(),
            options.settings(),
            guided,
            1,
            chain.known())) {
      Expr noise = loop.noise(rows);
      Expr x = chain.start().x(model.forward(tf), noise);
      LoopState start = loop.start(rows, x, chain.timeSteps()).feedable(tf);
      LoopState end = loop.walk(start);
      return new SamplingGraph(
          graph,
          new Session(graph, config),
          rows,
          noise,
          start,
          end,
          Pixels.of(tf, end.x()),
          Pixels.of(tf, end.x0Before().get(0)),
          loop.steps(chain.timeSteps()));
    }
  }

  /** A run of the session for the rows of the pictures from ... from + n - 1. */
  Fed fed(ImageSampler.Options options, Pictures pictures, int from, int n) {
    Fed fed = new Fed(session.runner());
    fed.ints(rows.seed(), each(pictures.seed(), from, n));
    fed.floats(rows.eta(), options.eta(), n);
    if (rows.label() != null) {
      fed.ints(rows.label(), each(pictures.label(), from, n));
    }
    if (rows.low() != null) {
      fed.images(rows.low(), i -> options.wanted().low(from + i), n);
    }
    if (rows.guidance() != null) {
      fed.floats(rows.guidance(), options.wanted().guidance(), n);
    }
    return fed;
  }

  /** Of a picture, [H,W,C]. */
  Shape image() {
    return noise.shape().tail();
  }

  /** How many values a picture has. */
  int size() {
    return Math.toIntExact(image().size());
  }

  private static IntStream each(IntUnaryOperator of, int from, int n) {
    return IntStream.range(from, from + n).map(of);
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
