package org.tfddpm.evaluate;

import java.util.function.IntConsumer;
import org.tfddpm.run.Images;
import org.tfddpm.sample.Pixels;
import org.tfddpm.spec.BadInput;

/**
 * The pixels themselves, x / 127.5 - 1, in [-1,1]: for small images, and where no network is at
 * hand.
 */
public final class PixelFeatures implements Features {
  @Override
  public String name() {
    return "pixels in [-1,1]";
  }

  @Override
  public Vectors of(Images images, IntConsumer done) {
    int dimension = images.height() * images.width() * images.channels();
    if (dimension > MOST_VALUES) {
      throw new BadInput(
          "--features PATH:OUTPUT is needed: an image has "
              + dimension
              + " pixels, allowed are at most "
              + MOST_VALUES);
    }
    done.accept(images.count());
    return new Vectors(Pixels.signed(images, 0, images.count()), dimension);
  }

  @Override
  public void close() {}
}
