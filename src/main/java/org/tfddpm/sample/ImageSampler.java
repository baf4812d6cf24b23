package org.tfddpm.sample;

import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.types.TFloat32;
import org.tfddpm.diffusion.schedule.Spacing;
import org.tfddpm.model.Model;
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
  private final SamplingGraph graph;

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

    /** The same of these low-resolution images. */
    public Options withLow(List<float[]> low) {
      return with(wanted.withLow(low));
    }

    /** The same from pictures to noise. */
    public Options upward() {
      return new Options(method.upward(), spacing, eta, settings, wanted);
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
    graph = SamplingGraph.of(model, weights, options, chain, config);
  }

  /** How many steps lead to a picture. */
  public int steps() {
    return graph.steps();
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
    return images(runs(inTurn(first, count), batch).bytes(graph.pixels(), null, progress));
  }

  /** These images. */
  public Images sample(Pictures pictures, int batch) {
    return images(runs(pictures, batch).bytes(graph.pixels(), null, made -> {}));
  }

  /** The same images of the seeds from first on, and how they come about. */
  public Images sample(int first, int count, int batch, Film film) {
    return images(Filming.pixels(runs(inTurn(first, count), batch), film));
  }

  /**
   * Images from given starts, whose seeds count from 0.
   *
   * @param x of each at the first time step, [H,W,C]
   */
  public Images imagesFrom(IntFunction<float[]> x, int count, int batch) {
    return images(runs(inTurn(0, count), batch).bytes(graph.pixels(), x, made -> {}));
  }

  /**
   * Where the chains of given starts end, whose seeds count from 0.
   *
   * @param x of each at the first time step, [H,W,C]
   * @return x at the last one, [N,H,W,C]
   */
  public float[] ends(IntFunction<float[]> x, int count, int batch) {
    return runs(inTurn(0, count), batch).floats(graph.end().x(), x);
  }

  /** x_T of a seed, [H,W,C]. */
  public float[] noise(int seed) {
    return runs(inTurn(seed, 1), 1).floats(graph.noise(), null);
  }

  private Pictures inTurn(int first, int count) {
    return Pictures.inTurn(first, count, options.wanted(), options.settings().classes(model));
  }

  private BatchRuns runs(Pictures pictures, int batch) {
    return new BatchRuns(graph, options, pictures, batch);
  }

  private Images images(byte[] pixels) {
    GraphSpec.Image size = model.spec().getImage();
    return new Images(pixels, size.getHeight(), size.getWidth(), size.getChannels());
  }

  @Override
  public void close() {
    graph.close();
  }
}
