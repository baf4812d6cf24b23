package org.tfddpm.evaluate;

import java.nio.file.Files;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tfddpm.run.Images;
import org.tfddpm.run.RunDirectory;
import org.tfddpm.spec.BadInput;

/**
 * An output of a network that somebody has trained: a frozen graph, a SavedModel or the run of a
 * classifier. Whatever comes after the batch is one vector.
 */
public final class NetworkFeatures implements Features {
  private static final int BATCH = 64;

  private final FeaturePlace place;
  private final FeatureNetwork network;
  private final ValueRange range;
  private final ConfigProto config;

  private NetworkFeatures(
      FeaturePlace place, FeatureNetwork network, ValueRange range, ConfigProto config) {
    this.place = place;
    this.network = network;
    this.range = range;
    this.config = config;
  }

  /**
   * Opens a network.
   *
   * @param value {@code FILE.pb:OUTPUT}, an operation or tensor of a frozen graph, or {@code
   *     DIR:OUTPUT}, {@code DIR:SIGNATURE.OUTPUT} of a SavedModel; {@code INPUT,} before the output
   *     where images could go into several places; {@code RUN} or {@code RUN:probabilities} of a
   *     classifier, at t = 0
   * @param range what a float input takes, null for [-1,1]; a uint8 input takes 0 ... 255
   * @throws BadInput if nothing is there, or nothing that takes images
   */
  public static NetworkFeatures open(String value, @Nullable ValueRange range, ConfigProto config) {
    FeaturePlace place = FeaturePlace.of(value);
    FeatureNetwork network = network(place, config);
    boolean bytes = network.input().dataType() == DataType.DT_UINT8;
    if (bytes && range != null && range != ValueRange.BYTE) {
      network.owner().run();
      throw place.bad("its input is uint8, which is 0 ... 255; allowed is --features-range byte");
    }
    ValueRange used = bytes ? ValueRange.BYTE : range == null ? ValueRange.SIGNED : range;
    return new NetworkFeatures(place, network, used, config);
  }

  private static FeatureNetwork network(FeaturePlace place, ConfigProto config) {
    if (RunDirectory.exists(place.path())) {
      return ClassifierRun.open(place, config);
    }
    return Files.isDirectory(place.path())
        ? SavedNetwork.open(place, config)
        : FrozenGraph.open(place, config);
  }

  /** Such as {@code classifier.pb:pool of images in [-1,1]}. */
  @Override
  public String name() {
    StringBuilder name = new StringBuilder(place.flag().substring("--features ".length()));
    name.append(" of images in ").append(range.words());
    if (network.inputSize(1) >= 0 && network.inputSize(2) >= 0) {
      name.append(", ").append(network.inputSize(1)).append("x").append(network.inputSize(2));
    }
    return name.toString();
  }

  @Override
  public Vectors of(Images images, IntConsumer done) {
    int count = images.count();
    int fixed = network.inputSize(0);
    int batch = fixed < 0 ? BATCH : fixed;
    if (count < fixed) {
      throw place.bad("its batch is always " + fixed + ", allowed are at least as many images");
    }
    float[] all = new float[0];
    int dimension = 0;
    try (NetworkInput input =
        new NetworkInput(
            place, network, range, images.height(), images.width(), images.channels(), config)) {
      for (int from = 0; from < count; from += batch) {
        int now = Math.min(batch, count - from);
        // A network of one batch size sees some images again in the last batch.
        int start = fixed < 0 ? from : Math.min(from, count - fixed);
        float[] values = run(input, images, start, from + now - start);
        if (from == 0) {
          dimension = values.length / (from + now - start);
          check(dimension);
          all = new float[Math.multiplyExact(count, dimension)];
        }
        int skip = (from - start) * dimension;
        System.arraycopy(values, skip, all, from * dimension, now * dimension);
        done.accept(from + now);
      }
    }
    return new Vectors(all, dimension);
  }

  private float[] run(NetworkInput input, Images images, int from, int count) {
    try (Result in = input.of(images, from, count);
        TInt32 zeros = TInt32.vectorOf(new int[count])) {
      Session.Runner runner = network.session().runner().feed(network.input(), in.get(0));
      for (Output<?> time : network.times()) {
        runner.feed(time, zeros);
      }
      try (Result out = runner.fetch(network.output()).run()) {
        return values(out.get(0), count);
      }
    } catch (TensorFlowException | IllegalArgumentException e) {
      throw place.bad("TensorFlow cannot run it on the images", e);
    }
  }

  private float[] values(Tensor tensor, int count) {
    if (!(tensor instanceof TFloat32 floats)
        || tensor.shape().numDimensions() < 2
        || tensor.shape().get(0) != count) {
      throw place.bad(
          "for "
              + count
              + " images the output is "
              + tensor.dataType()
              + " "
              + tensor.shape()
              + ", allowed is float32 with the images first");
    }
    float[] values = new float[(int) tensor.shape().size()];
    floats.copyTo(DataBuffers.of(values, false, false));
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw place.bad("the output is not finite for some image");
      }
    }
    return values;
  }

  private void check(int dimension) {
    if (dimension < 1 || dimension > MOST_VALUES) {
      throw place.bad(
          "the output is "
              + dimension
              + " values an image, allowed are at most "
              + MOST_VALUES
              + "; a layer after its pooling has fewer");
    }
  }

  @Override
  public void close() {
    network.owner().run();
  }
}
