package org.tfddpm.evaluate;

import java.util.Arrays;
import java.util.function.Consumer;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.types.TFloat32;
import org.tfddpm.data.Source;
import org.tfddpm.spec.GraphSpec;

/** Some images of a source as the network sees them, with their labels, in batches. */
public final class Examples {
  private static final int BATCH = 64;

  private final GraphSpec.Image size;
  private final float[] images;
  private final int[] labels;
  private final int count;

  private Examples(GraphSpec.Image size, float[] images, int[] labels, int count) {
    this.size = size;
    this.images = images;
    this.labels = labels;
    this.count = count;
  }

  /**
   * Images of a source, drawn from all of it, the same ones every time.
   *
   * @param count at least 1; fewer come where the source has fewer, or some are broken
   * @param warn is told of broken images
   * @throws org.tfddpm.spec.BadInput if all are broken
   */
  public static Examples draw(
      Source source, GraphSpec.Image size, int count, Consumer<String> warn, ConfigProto config) {
    int wanted = (int) Math.min(source.count(), count);
    int values = size.getHeight() * size.getWidth() * size.getChannels();
    float[] images = new float[Math.multiplyExact(wanted, values)];
    int[] labels = new int[wanted];
    int taken =
        Drawn.from(
            source,
            size,
            wanted,
            warn,
            config,
            (batch, row, number) -> {
              System.arraycopy(batch.images(), row * values, images, number * values, values);
              labels[number] = batch.labels().length == 0 ? 0 : batch.labels()[row];
            });
    return new Examples(size, Arrays.copyOf(images, taken * values), labels, taken);
  }

  /** How many there are. */
  public int count() {
    return count;
  }

  int batches() {
    return (count + BATCH - 1) / BATCH;
  }

  int size(int batch) {
    return Math.min(BATCH, count - batch * BATCH);
  }

  /** [n,H,W,C]; the caller closes it. */
  TFloat32 images(int batch) {
    int values = images.length / count;
    float[] some =
        Arrays.copyOfRange(images, batch * BATCH * values, (batch * BATCH + size(batch)) * values);
    return TFloat32.tensorOf(
        Shape.of(size(batch), size.getHeight(), size.getWidth(), size.getChannels()),
        DataBuffers.of(some, true, false));
  }

  /** [n]; 0 where the source has none. */
  int[] labels(int batch) {
    return Arrays.copyOfRange(labels, batch * BATCH, batch * BATCH + size(batch));
  }
}
