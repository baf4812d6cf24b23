package org.tfddpm.interop;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.tensorflow.ndarray.Shape;
import org.tfddpm.spec.BadInput;

/**
 * A safetensors file: the length of the header in 8 bytes (little endian, as all numbers), the
 * header as JSON, the values. Each tensor is mapped into memory when it is read.
 */
final class Safetensors implements TensorFiles {
  /** Bytes of the header's length. */
  static final int LENGTH_BYTES = 8;

  /** What the format allows. */
  private static final long LONGEST_HEADER = 100_000_000;

  private final Path file;
  private final FileChannel channel;
  private final long data;
  private final SafetensorsHeader header;

  /**
   * Opens a file and checks its header.
   *
   * @throws BadInput if it cannot be read or is no whole safetensors file
   */
  @SuppressWarnings("MustBeClosedChecker")
  Safetensors(Path file) throws IOException {
    this.file = file;
    channel = FileChannel.open(file);
    try {
      long size = channel.size();
      long length = size < LENGTH_BYTES ? -1 : read(0, LENGTH_BYTES).getLong(0);
      if (length < 2 || length > LONGEST_HEADER || length > size - LENGTH_BYTES) {
        throw new BadInput(
            file
                + ": no safetensors file: "
                + size
                + " bytes with a header of "
                + Long.toUnsignedString(length));
      }
      data = LENGTH_BYTES + length;
      String json = StandardCharsets.UTF_8.decode(read(LENGTH_BYTES, length)).toString();
      header = new SafetensorsHeader(file, json, size - data);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private ByteBuffer read(long position, long bytes) throws IOException {
    return channel
        .map(FileChannel.MapMode.READ_ONLY, position, bytes)
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public Path path() {
    return file;
  }

  @Override
  public Map<String, Shape> shapes() {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    header.entries().forEach((name, entry) -> shapes.put(name, entry.shape()));
    return shapes;
  }

  @Override
  public float[] read(String name) throws IOException {
    SafetensorsHeader.Entry entry = Objects.requireNonNull(header.entries().get(name), name);
    ByteBuffer bytes = read(data + entry.begin(), entry.end() - entry.begin());
    float[] values = new float[(int) entry.shape().size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = entry.type().read(bytes, i);
    }
    return values;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
