package org.tfddpm.run;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;

/** Images in rows, each enlarged by the same whole factor, 2 pixels apart on white. */
final class Grid {
  /** Images are enlarged to about this many pixels, so that 8x8 ones can be looked at. */
  private static final int COMFORTABLE = 56;

  private static final int GAP = 2;

  private Grid() {}

  /** One image as it is. */
  static BufferedImage of(Images images, int index) {
    BufferedImage canvas = canvas(images, images.height(), images.width());
    draw(canvas, images, index, 0, 0, 1);
    return canvas;
  }

  /** As many columns as rows, or one more. */
  static BufferedImage square(Images images) {
    return columns(images, (int) Math.ceil(Math.sqrt(images.count())));
  }

  /** So many images in a row. */
  static BufferedImage columns(Images images, int columns) {
    int count = images.count();
    int rows = (count + columns - 1) / columns;
    int larger = Math.max(images.height(), images.width());
    int zoom = (COMFORTABLE + larger - 1) / larger;
    int height = images.height() * zoom + GAP;
    int width = images.width() * zoom + GAP;
    BufferedImage canvas = canvas(images, rows * height + GAP, columns * width + GAP);
    Graphics2D graphics = canvas.createGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, canvas.getWidth(), canvas.getHeight());
    graphics.dispose();
    for (int i = 0; i < count; i++) {
      draw(canvas, images, i, GAP + i / columns * height, GAP + i % columns * width, zoom);
    }
    return canvas;
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
}
