package org.tfddpm.testing;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;

/** Images of known pixels, and the files that ImageIO makes of them. */
public final class TestImages {
  private TestImages() {}

  /** The pixels of an image. */
  @FunctionalInterface
  public interface Pixels {
    /** 0 ... 255. */
    int at(int y, int x, int channel);
  }

  /** An image: grey, grey and alpha, RGB, RGB and alpha for 1 ... 4 channels. */
  public static BufferedImage image(int height, int width, int channels, Pixels pixels) {
    BufferedImage image =
        switch (channels) {
          case 1 -> new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
          case 2 -> greyAndAlpha(height, width);
          case 3 -> new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
          case 4 -> new BufferedImage(width, height, BufferedImage.TYPE_4BYTE_ABGR);
          default -> throw new IllegalArgumentException(channels + " channels");
        };
    fill(image.getRaster(), pixels);
    return image;
  }

  /** Sets every sample of a raster as it is, without conversion of colours. */
  public static void fill(WritableRaster raster, Pixels pixels) {
    for (int y = 0; y < raster.getHeight(); y++) {
      for (int x = 0; x < raster.getWidth(); x++) {
        for (int c = 0; c < raster.getNumBands(); c++) {
          raster.setSample(x, y, c, pixels.at(y, x, c));
        }
      }
    }
  }

  /** The same pixels as an array [height,width,channels]. */
  public static int[] array(int height, int width, int channels, Pixels pixels) {
    int[] values = new int[height * width * channels];
    for (int i = 0; i < values.length; i++) {
      values[i] = pixels.at(i / channels / width, i / channels % width, i % channels);
    }
    return values;
  }

  /** A file of a format that ImageIO knows. */
  public static byte[] encode(BufferedImage image, String format) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      assertTrue(ImageIO.write(image, format, out), format);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** A PNG file. */
  public static byte[] png(int height, int width, int channels, Pixels pixels) {
    return encode(image(height, width, channels, pixels), "png");
  }

  private static BufferedImage greyAndAlpha(int height, int width) {
    ComponentColorModel model =
        new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_GRAY),
            true,
            false,
            Transparency.TRANSLUCENT,
            DataBuffer.TYPE_BYTE);
    return new BufferedImage(
        model, model.createCompatibleWritableRaster(width, height), false, null);
  }
}
