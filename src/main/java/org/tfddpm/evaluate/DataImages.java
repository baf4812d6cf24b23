package org.tfddpm.evaluate;

import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.tensorflow.proto.ConfigProto;
import org.tfddpm.data.Source;
import org.tfddpm.run.Images;
import org.tfddpm.spec.GraphSpec;

/** Reads a source's images, fitted to a model's size, as files would hold them. */
public final class DataImages {
  private DataImages() {}

  /**
   * Images of a source, drawn from all of it, the same ones every time.
   *
   * @param count 1 ... count of the source; fewer come out where some are broken
   * @param warn is told of broken images
   * @param done is told how many are read
   * @throws org.tfddpm.spec.BadInput if all are broken
   */
  public static Images read(
      Source source,
      GraphSpec.Image size,
      int count,
      Consumer<String> warn,
      IntConsumer done,
      ConfigProto config) {
    int bytes = size.getHeight() * size.getWidth() * size.getChannels();
    byte[] all = new byte[Math.multiplyExact(count, bytes)];
    int taken =
        Drawn.from(
            source,
            size,
            count,
            warn,
            config,
            (batch, row, number) -> {
              write(batch.images(), row * bytes, all, number * bytes, bytes);
              done.accept(number + 1);
            });
    return new Images(
        Arrays.copyOf(all, taken * bytes), size.getHeight(), size.getWidth(), size.getChannels());
  }

  /** So many of the images, drawn, the same ones every time. */
  public static Images draw(Images images, int count) {
    int bytes = images.height() * images.width() * images.channels();
    byte[] drawn = new byte[count * bytes];
    int[] rows = Rows.draw(images.count(), count);
    for (int i = 0; i < count; i++) {
      System.arraycopy(images.pixels(), rows[i] * bytes, drawn, i * bytes, bytes);
    }
    return new Images(drawn, images.height(), images.width(), images.channels());
  }

  /** From [-1,1] to 0 ... 255, as the model's own pictures are. */
  private static void write(float[] from, int first, byte[] to, int at, int bytes) {
    for (int i = 0; i < bytes; i++) {
      double scaled = (from[first + i] + 1.0) * 127.5;
      to[at + i] = (byte) (int) Math.floor(Math.min(255, Math.max(0, scaled)) + 0.5);
    }
  }
}
