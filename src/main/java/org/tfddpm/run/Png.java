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
  /** Grids enlarge images to about this many pixels, so that 8x8 ones can be looked at. */
  private static final int COMFORTABLE = 56;

  private static final int GAP = 2;

  /** One image as it is. */
  public static Png of(Images images, int index) {
    BufferedImage canvas = canvas(images, images.height(), images.width());
    draw(canvas, images, index, 0, 0, 1);
    return encode(canvas, images.channels());
  }

  /** All images in rows, each enlarged by the same whole factor, 2 pixels apart on white. */
  public static Png grid(Images images) {
    return grid(images, (int) Math.ceil(Math.sqrt(images.count())));
  }

  /** The same with so many images in a row. */
  public static Png grid(Images images, int columns) {
    int rows = (images.count() + columns - 1) / columns;
    int larger = Math.max(images.height(), images.width());
    int zoom = (COMFORTABLE + larger - 1) / larger;
    int height = images.height() * zoom + GAP;
    int width = images.width() * zoom + GAP;
    BufferedImage canvas = canvas(images, rows * height + GAP, columns * width + GAP);
    java.awt.Graphics2D graphics = canvas.createGraphics();
    graphics.setColor(java.awt.Color.WHITE);
    graphics.fillRect(0, 0, canvas.getWidth(), canvas.getHeight());
    graphics.dispose();
    for (int i = 0; i < images.count(); i++) {
      draw(canvas, images, i, GAP + i / columns * height, GAP + i % columns * width, zoom);
    }
    return encode(canvas, images.channels());
  }

  /** A picture in colour. */
  static Png of(BufferedImage canvas) {
    return encode(canvas, 3);
  }

  private static BufferedImage canvas(Images images, int height, int width) {
    int type = images.channels() == 1 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_INT_RGB;
    return new BufferedImage(width, height, type);
  }

  private static void draw(
      BufferedImage canvas, Images images, int index, int top, int left, int zoom) {
    int[] samples = new int[images.channels()];
    for (int y = 0; y < images.height() * zoom; y++) {
      for (int x = 0; x < images.width() * zoom; x++) {
        for (int c = 0; c < samples.length; c++) {
          samples[c] = images.at(index, y / zoom, x / zoom, c);
        }
        // The raster takes samples as they are; setRGB would convert grey through sRGB.
        canvas.getRaster().setPixel(left + x, top + y, samples);
      }
    }
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
