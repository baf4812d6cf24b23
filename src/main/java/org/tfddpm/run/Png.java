package org.tfddpm.run;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;

/**
 * A PNG file and what it holds.
 *
 * @param channels 1 (grey) or 3 (colour)
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Png(byte[] bytes, int height, int width, int channels) {
  /** One image as it is. */
  public static Png of(Images images, int index) {
    return encode(Grid.of(images, index), images.channels());
  }

  /** All images in rows, each enlarged by the same whole factor, 2 pixels apart on white. */
  public static Png grid(Images images) {
    return encode(Grid.square(images), images.channels());
  }

  /** The same with so many images in a row. */
  public static Png grid(Images images, int columns) {
    return encode(Grid.columns(images, columns), images.channels());
  }

  /** A picture in colour. */
  static Png of(BufferedImage canvas) {
    return encode(canvas, 3);
  }

  private static Png encode(BufferedImage canvas, int channels) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      ImageIO.setUseCache(false);
      ImageIO.write(canvas, "png", out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Png(out.toByteArray(), canvas.getHeight(), canvas.getWidth(), channels);
  }
}
