package org.tfddpm.run;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;

/**
 * Letters for plots, all of one width, from a picture in the jar (made by tools/glyphs.py). Java's
 * own need fonts and FreeType, which servers often lack, and differ from machine to machine.
 */
final class Glyphs {
  static final int WIDTH = 8;
  static final int HEIGHT = 17;
  private static final char FIRST = ' ';
  private static final char LAST = '~';
  private static final BufferedImage SHEET = sheet();

  private Glyphs() {}

  /** Draws words from a top left corner on; what is not ASCII is a question mark. */
  static void draw(BufferedImage canvas, String words, int left, int top, Color color) {
    for (int i = 0; i < words.length(); i++) {
      char c = words.charAt(i);
      int glyph = (c < FIRST || c > LAST ? '?' : c) - FIRST;
      for (int y = 0; y < HEIGHT; y++) {
        for (int x = 0; x < WIDTH; x++) {
          int opacity = SHEET.getRaster().getSample(glyph * WIDTH + x, y, 0);
          blend(canvas, left + i * WIDTH + x, top + y, color, opacity);
        }
      }
    }
  }

  private static void blend(BufferedImage canvas, int x, int y, Color color, int opacity) {
    if (opacity == 0 || x < 0 || y < 0 || x >= canvas.getWidth() || y >= canvas.getHeight()) {
      return;
    }
    Color below = new Color(canvas.getRGB(x, y));
    canvas.setRGB(
        x,
        y,
        new Color(
                mix(below.getRed(), color.getRed(), opacity),
                mix(below.getGreen(), color.getGreen(), opacity),
                mix(below.getBlue(), color.getBlue(), opacity))
            .getRGB());
  }

  private static int mix(int below, int above, int opacity) {
    return (below * (255 - opacity) + above * opacity + 127) / 255;
  }

  private static BufferedImage sheet() {
    try (InputStream in = Glyphs.class.getResourceAsStream("glyphs.png")) {
      if (in == null) {
        throw new IllegalStateException("glyphs.png is missing in the jar");
      }
      ImageIO.setUseCache(false);
      return ImageIO.read(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
