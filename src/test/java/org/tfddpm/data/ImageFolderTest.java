package org.tfddpm.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.tfddpm.testing.BadInputs.messageOf;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.ndarray.Shape;
import org.tfddpm.testing.TestImages;
import org.tfddpm.testing.TestImages.Pixels;

class ImageFolderTest {
  private static final int HEIGHT = 5;
  private static final int WIDTH = 7;

  /** Another value at every sample. */
  private static final Pixels PIXELS = (y, x, c) -> 7 * (5 * y + x) + 3 * c + 10;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void readsPng(int channels) throws IOException {
    assertPixels(channels, PIXELS, "a.png", TestImages.png(HEIGHT, WIDTH, channels, PIXELS));
  }

  /** Of 16 bits the upper 8 are taken. */
  @Test
  void readsPngOf16Bits() throws IOException {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_USHORT_GRAY);
    TestImages.fill(image.getRaster(), (y, x, c) -> 256 * PIXELS.at(y, x, c) + 37 * x);
    assertPixels(1, PIXELS, "a.png", TestImages.encode(image, "png"));
  }

  @Test
  void readsPngOfAPalette() throws IOException {
    assertPixels(3, palette(), "a.png", TestImages.encode(indexed(), "png"));
  }

  @Test
  void readsGif() throws IOException {
    assertPixels(3, palette(), "a.gif", TestImages.encode(indexed(), "gif"));
  }

  @Test
  void readsTheFirstFrameOfAnAnimatedGif() throws IOException {
    BufferedImage second = indexed();
    TestImages.fill(second.getRaster(), (y, x, c) -> 0);
    assertPixels(3, palette(), "a.gif", animation(indexed(), second));
  }

  @Test
  void readsBmpOf24Bits() throws IOException {
    BufferedImage image = TestImages.image(HEIGHT, WIDTH, 3, PIXELS);
    assertPixels(3, PIXELS, "a.bmp", TestImages.encode(image, "bmp"));
  }

  @Test
  void readsBmpOf32Bits() throws IOException {
    assertPixels(4, PIXELS, "a.bmp", bmp32());
  }

  /** Rounding in the cosine transform is not the same in every decoder. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void readsJpeg(int channels) throws IOException {
    byte[] jpeg = TestImages.encode(TestImages.image(16, 24, channels, PIXELS), "jpg");
    BufferedImage expected = ImageIO.read(new ByteArrayInputStream(jpeg));
    Decoded image = read("a.jpg", jpeg);
    assertEquals(Shape.of(1, 16, 24, channels), image.shape());
    for (int i = 0; i < image.pixels().size(); i++) {
      int x = i / channels % 24;
      int sample = expected.getRaster().getSample(x, i / channels / 24, i % channels);
      assertEquals(sample, image.pixels().get(i), 4, "sample " + i);
    }
  }

  @Test
  void looksIntoSubfolders() throws IOException {
    write("b/deep/er/1.png", 1);
    write("a/2.jpeg", 2);
    write("3.PNG", 3);
    write("a/4.Jpg", 4);
    write("b/5.bmp", 5);
    write("b/6.GIF", 6);
    assertFiles("3.PNG", "a/2.jpeg", "a/4.Jpg", "b/5.bmp", "b/6.GIF", "b/deep/er/1.png");
  }

  @Test
  void leavesOutWhatIsNoImageOrHidden() throws IOException {
    write("1.png", 1);
    write("notes.txt", 2);
    write("png", 3);
    write("2.png.part", 4);
    write(".3.png", 5);
    write("a/._4.png", 6);
    write(".thumbnails/5.png", 7);
    Files.createDirectory(folder.resolve("6.png"));
    assertFiles("1.png");
  }

  @Test
  void followsLinks(@TempDir Path elsewhere) throws IOException {
    Files.write(elsewhere.resolve("1.png"), TestImages.png(2, 2, 1, (y, x, c) -> 1));
    Files.createSymbolicLink(folder.resolve("a"), elsewhere);
    Files.createSymbolicLink(folder.resolve("dangling.png"), folder.resolve("missing"));
    assertFiles("a/1.png");
  }

  @Test
  void refusesALoopOfLinks() throws IOException {
    write("a/1.png", 1);
    Files.createSymbolicLink(folder.resolve("a/loop"), folder);
    assertEquals(
        "data source \"folder:"
            + folder
            + "\": cannot be read: "
            + folder.resolve("a/loop")
            + " is a link to a folder around it",
        messageOf(() -> ImageFolder.open(folder.toString())));
  }

  @Test
  void refusesFoldersWithoutImages() throws IOException {
    write("notes.txt", 1);
    assertEquals(
        "data source \"folder:" + folder + "\": no .png, .jpg, .jpeg, .bmp or .gif in it",
        messageOf(() -> ImageFolder.open(folder.toString())));
    Path missing = folder.resolve("missing");
    assertEquals(
        "data source \"folder:" + missing + "\": no such folder",
        messageOf(() -> ImageFolder.open(missing.toString())));
    assertEquals(
        "data source \"folder:" + folder.resolve("notes.txt") + "\": not a folder",
        messageOf(() -> ImageFolder.open(folder.resolve("notes.txt").toString())));
  }

  private void assertFiles(String... names) {
    ImageFolder source = (ImageFolder) ImageFolder.open(folder.toString());
    List<String> files = new ArrayList<>();
    for (long i = 0; i < source.count(); i++) {
      files.add(folder.relativize(Path.of(source.nameOf(i))).toString());
    }
    assertEquals(List.of(names), files);
  }

  private void assertPixels(int channels, Pixels expected, String name, byte[] file)
      throws IOException {
    int[] values = TestImages.array(HEIGHT, WIDTH, channels, expected);
    assertEquals(
        new Decoded(Shape.of(1, HEIGHT, WIDTH, channels), Arrays.stream(values).boxed().toList()),
        read(name, file));
  }

  private Decoded read(String name, byte[] file) throws IOException {
    Files.write(folder.resolve(name), file);
    ImageFolder source = (ImageFolder) ImageFolder.open(folder.toString());
    assertEquals(1, source.count());
    assertTrue(source.nameOf(0).endsWith(name));
    return Decoded.of(source, 0);
  }

  private void write(String name, int value) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, TestImages.png(2, 2, 1, (y, x, c) -> value));
  }

  /** Colours of a palette, so that neither grey nor the index itself passes for them. */
  private static int colour(int index, int channel) {
    return (index * (channel + 2) * 29 + 40 * channel) % 256;
  }

  private static Pixels palette() {
    return (y, x, c) -> colour((WIDTH * y + x) % 16, c);
  }

  private static BufferedImage indexed() {
    byte[][] colours = new byte[3][16];
    for (int c = 0; c < 3; c++) {
      for (int i = 0; i < 16; i++) {
        colours[c][i] = (byte) colour(i, c);
      }
    }
    BufferedImage image =
        new BufferedImage(
            WIDTH,
            HEIGHT,
            BufferedImage.TYPE_BYTE_INDEXED,
            new IndexColorModel(8, 16, colours[0], colours[1], colours[2]));
    TestImages.fill(image.getRaster(), (y, x, c) -> (WIDTH * y + x) % 16);
    return image;
  }

  private static byte[] animation(BufferedImage... frames) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageWriter writer = ImageIO.getImageWritersByFormatName("gif").next();
    try (ImageOutputStream stream = ImageIO.createImageOutputStream(out)) {
      writer.setOutput(stream);
      writer.prepareWriteSequence(null);
      for (BufferedImage frame : frames) {
        writer.writeToSequence(new IIOImage(frame, null, null), null);
      }
      writer.endWriteSequence();
    } finally {
      writer.dispose();
    }
    return out.toByteArray();
  }

  /** Two headers, then rows from the bottom of blue, green, red, alpha. */
  private static byte[] bmp32() {
    int size = 54 + 4 * HEIGHT * WIDTH;
    ByteBuffer out = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    out.put((byte) 'B').put((byte) 'M').putInt(size).putInt(0).putInt(54);
    out.putInt(40).putInt(WIDTH).putInt(HEIGHT).putShort((short) 1).putShort((short) 32);
    out.putInt(0).putInt(size - 54).putInt(2835).putInt(2835).putInt(0).putInt(0);
    for (int y = HEIGHT - 1; y >= 0; y--) {
      for (int x = 0; x < WIDTH; x++) {
        for (int c : new int[] {2, 1, 0, 3}) {
          out.put((byte) PIXELS.at(y, x, c));
        }
      }
    }
    return out.array();
  }
}
