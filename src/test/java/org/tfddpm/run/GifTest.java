package org.tfddpm.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadataNode;
import org.junit.jupiter.api.Test;

class GifTest {
  /** Each frame a grid of its own, all greys as they are, the last one held, over and over. */
  @Test
  void framesMoveForEver() throws IOException {
    byte[] greys = new byte[256];
    for (int i = 0; i < 256; i++) {
      greys[i] = (byte) i;
    }
    byte[] white = new byte[256];
    Arrays.fill(white, (byte) 255);
    byte[] file =
        Gif.of(
            List.of(
                new Images(white, 16, 16, 1),
                new Images(greys, 16, 16, 1),
                new Images(greys, 16, 16, 1)));
    ImageReader reader = ImageIO.getImageReadersByFormatName("gif").next();
    reader.setInput(ImageIO.createImageInputStream(new ByteArrayInputStream(file)));
    assertEquals(3, reader.getNumImages(true));
    assertEquals(
        List.of("12", "12", "200"), List.of(delay(reader, 0), delay(reader, 1), delay(reader, 2)));
    BufferedImage second = reader.read(1);
    for (int i = 0; i < 256; i++) {
      assertEquals(i, second.getRGB(2 + i % 16 * 4, 2 + i / 16 * 4) & 0xFF);
    }
    IIOMetadataNode loop =
        (IIOMetadataNode) node(reader, 0).getElementsByTagName("ApplicationExtension").item(0);
    assertEquals("NETSCAPE", loop.getAttribute("applicationID"));
    assertEquals("[1, 0, 0]", Arrays.toString((byte[]) loop.getUserObject()));
  }

  private static String delay(ImageReader reader, int frame) throws IOException {
    return ((IIOMetadataNode)
            node(reader, frame).getElementsByTagName("GraphicControlExtension").item(0))
        .getAttribute("delayTime");
  }

  private static IIOMetadataNode node(ImageReader reader, int frame) throws IOException {
    return (IIOMetadataNode)
        reader.getImageMetadata(frame).getAsTree("javax_imageio_gif_image_1.0");
  }
}
