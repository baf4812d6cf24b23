package org.tfddpm.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PngTest {
  private static final int GAP = 2;

  /** All 256 greys as they are: a conversion through sRGB would change most of them. */
  @Test
  void keepsGreyValues() throws IOException {
    Images images = images(2, 16, 16, 1);
    BufferedImage image = decode(Png.of(images, 1), 16, 16, 1);
    for (int i = 0; i < 256; i++) {
      assertEquals(images.at(1, i / 16, i % 16, 0), sample(image, i / 16, i % 16, 0));
    }
  }

  @Test
  void keepsColours() throws IOException {
    Images images = images(3, 5, 7, 3);
    BufferedImage image = decode(Png.of(images, 2), 5, 7, 3);
    for (int y = 0; y < 5; y++) {
      for (int x = 0; x < 7; x++) {
        for (int c = 0; c < 3; c++) {
          assertEquals(images.at(2, y, x, c), sample(image, y, x, c));
        }
      }
    }
  }

  /** Viewers would apply a gamma or a profile to what they show. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void tellsViewersNothingOfColourSpaces(int channels) {
    String file =
        new String(Png.grid(images(4, 8, 8, channels)).bytes(), StandardCharsets.ISO_8859_1);
    for (String chunk : new String[] {"gAMA", "sRGB", "iCCP", "cHRM"}) {
      assertFalse(file.contains(chunk), chunk);
    }
  }

  /** count, height, width, channels; columns, rows and zoom that follow from them. */
  @ParameterizedTest
  @CsvSource({
    "1,8,8,1, 1,1,7",
    "2,8,8,1, 2,1,7",
    "4,8,8,3, 2,2,7",
    "5,8,8,1, 3,2,7",
    "64,8,8,1, 8,8,7",
    "7,28,28,1, 3,3,2",
    "3,32,32,3, 2,2,2",
    "2,56,56,1, 2,1,1",
    "2,57,57,1, 2,1,1",
    "3,64,48,3, 2,2,1",
    "3,4,16,3, 2,2,4"
  })
  void laysOutAGrid(int count, int height, int width, int channels, int columns, int rows, int zoom)
      throws IOException {
    Images images = images(count, height, width, channels);
    int cellHeight = height * zoom + GAP;
    int cellWidth = width * zoom + GAP;
    int gridHeight = rows * cellHeight + GAP;
    int gridWidth = columns * cellWidth + GAP;
    BufferedImage grid = decode(Png.grid(images), gridHeight, gridWidth, channels);
    for (int y = 0; y < gridHeight; y++) {
      for (int x = 0; x < gridWidth; x++) {
        int index = (y - GAP + cellHeight) / cellHeight - 1;
        int column = (x - GAP + cellWidth) / cellWidth - 1;
        int insideY = y - GAP - index * cellHeight;
        int insideX = x - GAP - column * cellWidth;
        index = index * columns + column;
        boolean white =
            y < GAP
                || x < GAP
                || index >= count
                || insideY >= height * zoom
                || insideX >= width * zoom;
        for (int c = 0; c < channels; c++) {
          int expected = white ? 255 : images.at(index, insideY / zoom, insideX / zoom, c);
          assertEquals(expected, sample(grid, y, x, c), "row " + y + ", column " + x);
        }
      }
    }
  }

  /** No value is white, and neighbours differ in every direction. */
  private static Images images(int count, int height, int width, int channels) {
    byte[] pixels = new byte[count * height * width * channels];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i * 37 % 255);
    }
    return new Images(pixels, height, width, channels);
  }

  private static BufferedImage decode(Png png, int height, int width, int channels)
      throws IOException {
    assertEquals(height, png.height());
    assertEquals(width, png.width());
    assertEquals(channels, png.channels());
    // The header says 8 bits, and colour type 0 (grey) or 2 (RGB).
    assertEquals(8, png.bytes()[24]);
    assertEquals(channels == 1 ? 0 : 2, png.bytes()[25]);
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(png.bytes()));
    assertEquals(height, image.getHeight());
    assertEquals(width, image.getWidth());
    assertEquals(channels, image.getRaster().getNumBands());
    return image;
  }

  private static int sample(BufferedImage image, int y, int x, int channel) {
    return image.getRaster().getSample(x, y, channel);
  }
}
