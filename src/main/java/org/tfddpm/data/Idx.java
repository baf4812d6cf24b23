package org.tfddpm.data;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.tfddpm.spec.BadInput;
import org.tfddpm.spec.Names;

/**
 * IDX files, the format of MNIST and its kin, gzipped or not: two zero bytes, type 8 (unsigned
 * byte), the number of dimensions, each dimension as a big-endian int, then the values.
 */
final class Idx {
  private static final List<String> BUNDLED = List.of("digits");

  /** The training images of MNIST, Fashion-MNIST and others, as they are distributed. */
  private static final List<String> IMAGES =
      List.of(
          "train-images-idx3-ubyte.gz",
          "train-images-idx3-ubyte",
          "train-images.idx3-ubyte",
          "train-images.idx3-ubyte.gz");

  private Idx() {}

  /** Images that come with tfddpm. */
  static Source bundled(String name) {
    if (!BUNDLED.contains(name)) {
      throw new BadInput(
          "data source \"bundled:" + name + "\": unknown name" + Names.suggest(name, BUNDLED));
    }
    String resource = name + "-train-images-idx3-ubyte.gz";
    try (InputStream in = Idx.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException(resource + " is missing in the jar");
      }
      return read(in.readAllBytes(), resource);
    } catch (IOException e) {
      throw new IllegalStateException(resource + " cannot be read from the jar", e);
    }
  }

  /** The training images of a folder. */
  static Source open(String place) {
    Path folder = Place.folder("idx", place);
    Optional<Path> file =
        IMAGES.stream().map(folder::resolve).filter(Files::isRegularFile).findFirst();
    if (file.isEmpty()) {
      throw new BadInput(
          "data source \"idx:" + place + "\": the folder has none of " + String.join(", ", IMAGES));
    }
    return read(Place.bytes(file.get()), file.get().toString());
  }

  private static Source read(byte[] content, String name) {
    byte[] plain = unzip(content, name);
    ByteBuffer buffer = ByteBuffer.wrap(plain);
    if (plain.length < 16 || buffer.getInt() != 0x00000803) {
      throw new BadInput(name + ": not an IDX file of images (unsigned bytes in three dimensions)");
    }
    long count = buffer.getInt();
    int height = buffer.getInt();
    int width = buffer.getInt();
    if (count < 1 || height < 1 || width < 1) {
      throw new BadInput(name + ": holds " + count + " images of " + height + "x" + width);
    }
    long expected = count * height * width;
    if (buffer.remaining() != expected) {
      throw new BadInput(
          String.format(
              "%s: holds %d bytes of pixels where %d images of %dx%d have %d%s",
              name,
              buffer.remaining(),
              count,
              height,
              width,
              expected,
              buffer.remaining() < expected ? "; it is cut short" : ""));
    }
    byte[] pixels = new byte[buffer.remaining()];
    buffer.get(pixels);
    return new MemorySource(pixels, count, height, width, 1);
  }

  private static byte[] unzip(byte[] content, String name) {
    boolean zipped = content.length > 2 && content[0] == (byte) 0x1f && content[1] == (byte) 0x8b;
    if (!zipped) {
      return content;
    }
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(content))) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new BadInput(name + ": the gzip file is broken or cut short", e);
    }
  }
}
