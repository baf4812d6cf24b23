package org.tfddpm.sample;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TUint8;
import org.tfddpm.diffusion.schedule.Spacing;
import org.tfddpm.model.Model;
import org.tfddpm.nn.FrozenWeights;
import org.tfddpm.run.Images;
import org.tfddpm.spec.GraphSpec;

/** Makes images with a trained model. Image i has seed + i, whatever the batch it is made in. */
public final class ImageSampler implements AutoCloseable {
  /** Seeds are 0 ... LAST_SEED: what the generator's exact float32 arithmetic can hold. */
  public static final int LAST_SEED = (1 << 24) - 1;

  private final Model model;
  private final Options options;
  private final Graph graph = new Graph();
  private final Session session;
  private final Rows rows;
  private final Operand<TUint8> pixels;

  /**
   * How to sample.
   *
   * @param eta 0 ... 1, for DDIM
   * @param wanted which classes, for a model that has them
   */
  public record Options(
      Method method, Spacing spacing, double eta, Settings settings, Wanted wanted) {
    /** As the method's paper does, with eta 0, of all classes in turn. */
    public Options(Method method, Spacing spacing) {
      this(method, spacing, 0, Settings.of(method), Wanted.ALL);
    }
  }

  /**
   * Builds the graph.
   *
   * @param weights by dotted path; copied
   */
  public ImageSampler(
      Model model, Map<String, TFloat32> weights, Options options, ConfigProto config) {
    this.model = model;
    this.options = options;
    Ops tf = Ops.create(graph);
    boolean guided = options.wanted().guidance() > 0;
    rows = Rows.placeholders(tf, model, guided);
    int[] tau = options.spacing().timesteps(model.schedule());
    try (SamplingLoop loop =
        new SamplingLoop(
            tf, model, new FrozenWeights(weights), options.method(), options.settings(), guided)) {
      pixels = Pixels.of(tf, loop.sample(rows, tau));
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
    GraphSpec.Image size = model.spec().getImage();
    byte[] all = new byte[count * size.getHeight() * size.getWidth() * size.getChannels()];
    int imageBytes = all.length / count;
    for (int done = 0; done < count; done += batch) {
      int now = Math.min(batch, count - done);
      try (Fed fed = new Fed(session.runner())) {
        fed.ints(rows.seed(), IntStream.range(first + done, first + done + now));
        fed.floats(rows.eta(), options.eta(), now);
        if (rows.label() != null) {
          int classes = model.spec().getCondition().getClasses();
          IntStream images = IntStream.range(done, done + now);
          fed.ints(rows.label(), images.map(i -> options.wanted().label(i, classes)));
        }
        if (rows.guidance() != null) {
          fed.floats(rows.guidance(), options.wanted().guidance(), now);
        }
        try (Result result = fed.runner().fetch(pixels).run()) {
          ((TUint8) result.get(0))
              .copyTo(
                  DataBuffers.of(all, false, false)
                      .slice((long) done * imageBytes, (long) now * imageBytes));
        }
      }
      progress.accept(done + now);
    }
    return new Images(all, size.getHeight(), size.getWidth(), size.getChannels());
  }

  /** A run of the session, and the tensors that it was given. */
  private record Fed(Session.Runner runner, List<Tensor> tensors) implements AutoCloseable {
    Fed(Session.Runner runner) {
      this(runner, new ArrayList<>());
    }

    void ints(Operand<TInt32> to, IntStream values) {
      give(to, TInt32.vectorOf(values.toArray()));
    }

    void floats(Operand<TFloat32> to, double value, int count) {
      float[] values = new float[count];
      Arrays.fill(values, (float) value);
      give(to, TFloat32.vectorOf(values));
    }

    private void give(Operand<?> to, Tensor tensor) {
      tensors.add(tensor);
      runner.feed(to, tensor);
    }

    @Override
    public void close() {
      tensors.forEach(Tensor::close);
    }
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
