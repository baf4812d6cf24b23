package org.tfddpm.sample;

import java.util.Map;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.ByteDataBuffer;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.ndarray.buffer.FloatDataBuffer;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;
import org.tfddpm.diffusion.Expr;
import org.tfddpm.diffusion.ForwardProcess;
import org.tfddpm.diffusion.schedule.Spacing;
import org.tfddpm.model.Model;
import org.tfddpm.nn.FrozenWeights;
import org.tfddpm.run.Images;
import org.tfddpm.spec.GraphSpec;

/**
 * Makes images with a trained model, from noise or along any other {@link Chain}. Image i has seed
 * + i, whatever the batch it is made in.
 */
public final class ImageSampler implements AutoCloseable {
  /** Seeds are 0 ... LAST_SEED: what the generator's exact float32 arithmetic can hold. */
  public static final int LAST_SEED = (1 << 24) - 1;

  private final Model model;
  private final Options options;
  private final Shape image;
  private final Graph graph = new Graph();
  private final Session session;
  private final Rows rows;
  private final Operand<TFloat32> noise;
  private final Operand<TFloat32> start;
  private final Operand<TFloat32> end;
  private final Operand<TUint8> pixels;

  /**
   * How to sample.
   *
   * @param eta 0 ... 1, for DDIM
   * @param wanted which classes, for a model that has them or is guided to them
   */
  public record Options(
      Method method, Spacing spacing, double eta, Settings settings, Wanted wanted) {
    /** As the method's paper does, with eta 0, of all classes in turn. */
    public Options(Method method, Spacing spacing) {
      this(method, spacing, 0, Settings.of(method), Wanted.ALL);
    }

    /** The same of other classes. */
    public Options with(Wanted other) {
      return new Options(method, spacing, eta, settings, other);
    }

    /** The time steps that are visited, rising. */
    public int[] tau(Model model) {
      return spacing.timesteps(model.schedule());
    }
  }

  /**
   * Builds the graph of pictures from noise.
   *
   * @param weights by dotted path; copied
   */
  public ImageSampler(
      Model model, Map<String, TFloat32> weights, Options options, ConfigProto config) {
    this(model, weights, options, Chain.fromNoise(options.tau(model)), config);
  }

  /**
   * Builds the graph of another way.
   *
   * @param weights by dotted path; copied
   * @param chain takes the place of the options' spacing
   */
  public ImageSampler(
      Model model,
      Map<String, TFloat32> weights,
      Options options,
      Chain chain,
      ConfigProto config) {
    this.model = model;
    this.options = options;
    GraphSpec.Image size = model.spec().getImage();
    image = Shape.of(size.getHeight(), size.getWidth(), size.getChannels());
    Ops tf = Ops.create(graph);
    boolean guided = options.wanted().guidance() > 0;
    rows = Rows.placeholders(tf, model, options.settings(), guided);
    try (SamplingLoop loop =
        new SamplingLoop(
            tf, model, new FrozenWeights(weights), options.method(), options.settings(), guided)) {
      Expr drawn = loop.noise(rows);
      noise = drawn;
      ForwardProcess q = model.forward(tf);
      // What is fed in its place decides, where something is.
      start =
          tf.withName("start").placeholderWithDefault(chain.start().x(q, drawn), image.prepend(-1));
      Expr reached = loop.walk(rows, Expr.of(tf, start), chain.timeSteps());
      end = reached;
      pixels = Pixels.of(tf, reached);
    }
    session = new Session(graph, config);
  }

  /** Images of the seeds from first on. */
  public Images sample(int first, int count, int batch) {
    return sample(first, count, batch, made -> {});
  }

  /**
   * Images of the seeds from first on.
   *
   * @param progress is told how many are made
   */
  public Images sample(int first, int count, int batch, IntConsumer progress) {
    return images(first, count, batch, null, progress);
  }

  /**
   * Images from given starts, whose seeds count from 0.
   *
   * @param x of each at the first time step, [H,W,C]
   */
  public Images imagesFrom(IntFunction<float[]> x, int count, int batch) {
    return images(0, count, batch, x, made -> {});
  }

  /**
   * Where the chains of given starts end, whose seeds count from 0.
   *
   * @param x of each at the first time step, [H,W,C]
   * @return x at the last one, [N,H,W,C]
   */
  public float[] ends(IntFunction<float[]> x, int count, int batch) {
    int size = Math.toIntExact(image.size());
    float[] all = new float[Math.multiplyExact(count, size)];
    FloatDataBuffer values = DataBuffers.of(all, false, false);
    run(
        0,
        count,
        batch,
        x,
        end,
        (tensor, from, n) ->
            ((TFloat32) tensor).copyTo(values.slice((long) from * size, (long) n * size)),
        made -> {});
    return all;
  }

  /** x_T of a seed, [H,W,C]. */
  public float[] noise(int seed) {
    float[] values = new float[Math.toIntExact(image.size())];
    try (Fed fed = new Fed(session.runner())) {
      fed.ints(rows.seed(), IntStream.of(seed));
      try (Result result = fed.runner().fetch(noise).run()) {
        ((TFloat32) result.get(0)).copyTo(DataBuffers.of(values, false, false));
      }
    }
    return values;
  }

  private Images images(
      int first, int count, int batch, @Nullable IntFunction<float[]> x, IntConsumer progress) {
    int size = Math.toIntExact(image.size());
    byte[] all = new byte[count * size];
    ByteDataBuffer bytes = DataBuffers.of(all, false, false);
    run(
        first,
        count,
        batch,
        x,
        pixels,
        (tensor, from, n) ->
            ((TUint8) tensor).copyTo(bytes.slice((long) from * size, (long) n * size)),
        progress);
    GraphSpec.Image spec = model.spec().getImage();
    return new Images(all, spec.getHeight(), spec.getWidth(), spec.getChannels());
  }

  /** Takes what came of the rows from ... from + n - 1. */
  private interface Taker {
    void take(Tensor tensor, int from, int n);
  }

  private void run(
      int first,
      int count,
      int batch,
      @Nullable IntFunction<float[]> x,
      Operand<?> asked,
      Taker taker,
      IntConsumer progress) {
    for (int done = 0; done < count; done += batch) {
      int now = Math.min(batch, count - done);
      try (Fed fed = new Fed(session.runner())) {
        feedRows(fed, first, done, now);
        if (x != null) {
          fed.give(start, rows(x, done, now));
        }
        try (Result result = fed.runner().fetch(asked).run()) {
          taker.take(result.get(0), done, now);
        }
      }
      progress.accept(done + now);
    }
  }

  /** Rows from ... from + n - 1, [n,H,W,C]. */
  private TFloat32 rows(IntFunction<float[]> x, int from, int n) {
    int size = Math.toIntExact(image.size());
    float[] values = new float[n * size];
    for (int i = 0; i < n; i++) {
      System.arraycopy(x.apply(from + i), 0, values, i * size, size);
    }
    return TFloat32.tensorOf(image.prepend(n), DataBuffers.of(values, true, false));
  }

  private void feedRows(Fed fed, int first, int from, int n) {
    fed.ints(rows.seed(), IntStream.range(first + from, first + from + n));
    fed.floats(rows.eta(), options.eta(), n);
    if (rows.label() != null) {
      int classes = options.settings().classes(model);
      IntStream images = IntStream.range(from, from + n);
      fed.ints(rows.label(), images.map(i -> options.wanted().label(i, classes)));
    }
    if (rows.guidance() != null) {
      fed.floats(rows.guidance(), options.wanted().guidance(), n);
    }
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
