package org.tfddpm.sample;

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

  private final GraphSpec.Image size;
  private final float eta;
  private final Graph graph = new Graph();
  private final Session session;
  private final Placeholder<TInt32> seeds;
  private final Placeholder<TFloat32> etas;
  private final Operand<TUint8> pixels;

  /**
   * How to sample.
   *
   * @param eta 0 ... 1, for DDIM
   */
  public record Options(Method method, Spacing spacing, double eta, Settings settings) {
    /** As the method's paper does, with eta 0. */
    public Options(Method method, Spacing spacing) {
      this(method, spacing, 0, Settings.of(method));
    }
  }

  /**
   * Builds the graph.
   *
   * @param weights by dotted path; copied
   */
  public ImageSampler(
      Model model, Map<String, TFloat32> weights, Options options, ConfigProto config) {
    size = model.spec().getImage();
    eta = (float) options.eta();
    Ops tf = Ops.create(graph);
    seeds = tf.withName("seed").placeholder(TInt32.class, Placeholder.shape(Shape.of(-1)));
    etas = tf.withName("eta").placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1)));
    int[] tau = options.spacing().timesteps(model.schedule());
    try (SamplingLoop loop =
        new SamplingLoop(
            tf, model, new FrozenWeights(weights), options.method(), options.settings())) {
      pixels = Pixels.of(tf, loop.sample(seeds, etas, tau));
    }
    session = new Session(graph, config);
  }

  /** Images of the seeds from first on. */
  public Images sample(int first, int count, int batch) {
    byte[] all = new byte[count * size.getHeight() * size.getWidth() * size.getChannels()];
    int imageBytes = all.length / count;
    for (int done = 0; done < count; done += batch) {
      int now = Math.min(batch, count - done);
      int from = first + done;
      float[] etaOfEach = new float[now];
      java.util.Arrays.fill(etaOfEach, eta);
      try (TInt32 seed = TInt32.vectorOf(IntStream.range(from, from + now).toArray());
          TFloat32 etaFed = TFloat32.vectorOf(etaOfEach);
          Result result =
              session.runner().feed(seeds, seed).feed(etas, etaFed).fetch(pixels).run()) {
        ((TUint8) result.get(0))
            .copyTo(
                DataBuffers.of(all, false, false)
                    .slice((long) done * imageBytes, (long) now * imageBytes));
      }
    }
    return new Images(all, size.getHeight(), size.getWidth(), size.getChannels());
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
