package org.tfddpm.run;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.tfddpm.spec.BadInput;
import org.tfddpm.spec.GraphSpec;

/**
 * An array that a flag names, as {@link Npy} and NumPy write it.
 *
 * @param named the flag and the file, for messages
 * @param type NumPy's name of it, such as &lt;f4
 * @param values in C order
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record NpyFile(String named, String type, List<Integer> shape, byte[] values) {
  private static final Pattern TYPE = Pattern.compile("'descr':\\s*'([^']*)'");
  private static final Pattern C_ORDER = Pattern.compile("'fortran_order':\\s*False");
  private static final Pattern SHAPE = Pattern.compile("'shape':\\s*\\(([0-9, ]*)\\)");

  /**
   * Reads a file.
   *
   * @throws BadInput if it cannot be read, or is no array in C order
   */
  public static NpyFile read(String flag, Path file) {
    String named = flag + " " + file;
    return parse(named, Folders.read(named, file));
  }

  private static NpyFile parse(String named, byte[] file) {
    byte[] magic = Arrays.copyOf(file, Npy.MAGIC.length);
    if (file.length < 12 || !Arrays.equals(Npy.MAGIC, magic)) {
      throw new BadInput(named + ": no .npy file");
    }
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    // Version 1 has two bytes for the header's length, the later ones four.
    int length = file[6] == 1 ? bytes.getShort(8) & 0xFFFF : bytes.getInt(8);
    int begin = file[6] == 1 ? 10 : 12;
    if (length < 0 || length > file.length - begin) {
      throw new BadInput(named + ": broken: it ends within its header");
    }
    String header = new String(file, begin, length, StandardCharsets.ISO_8859_1);
    Matcher type = TYPE.matcher(header);
    Matcher shape = SHAPE.matcher(header);
    if (!type.find() || !shape.find() || !C_ORDER.matcher(header).find()) {
      throw new BadInput(named + ": allowed is an array of numbers in C order");
    }
    try {
      return new NpyFile(
          named,
          type.group(1),
          Stream.of(shape.group(1).split(","))
              .map(String::strip)
              .filter(number -> !number.isEmpty())
              .map(Integer::valueOf)
              .toList(),
          Arrays.copyOfRange(file, begin + length, file.length));
    } catch (NumberFormatException e) {
      throw new BadInput(named + ": too large", e);
    }
  }

  /**
   * The values of float32 [N,H,W,C], all of them finite.
   *
   * @throws BadInput if it holds something else
   */
  public float[] floats(GraphSpec.Image size) {
    check("float32", "<f4", Float.BYTES, size);
    float[] all = new float[values.length / Float.BYTES];
    ByteBuffer.wrap(values).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(all);
    for (int i = 0; i < all.length; i++) {
      if (!Float.isFinite(all[i])) {
        throw new BadInput(named + ": value " + i + " is " + all[i] + ": allowed are finite ones");
      }
    }
    return all;
  }

  /**
   * Images of uint8 [N,H,W,C].
   *
   * @throws BadInput if it holds something else
   */
  public Images images(GraphSpec.Image size) {
    check("uint8", "|u1", 1, size);
    return new Images(values, size.getHeight(), size.getWidth(), size.getChannels());
  }

  private void check(String typeName, String asked, int bytes, GraphSpec.Image size) {
    List<Integer> image = List.of(size.getHeight(), size.getWidth(), size.getChannels());
    boolean fits = shape.size() == 4 && shape.get(0) > 0 && shape.subList(1, 4).equals(image);
    if (!type.equals(asked) || !fits) {
      throw new BadInput(
          String.format(
              "%s: %s %s: allowed is %s [N,%d,%d,%d], N at least 1",
              named, type, shape, typeName, size.getHeight(), size.getWidth(), size.getChannels()));
    }
    long expected = shape.stream().mapToLong(Integer::longValue).reduce(bytes, (a, b) -> a * b);
    if (values.length != expected) {
      throw new BadInput(
          named + ": broken: " + values.length + " bytes of values, not " + expected);
    }
  }
}
