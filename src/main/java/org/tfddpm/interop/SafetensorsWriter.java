package org.tfddpm.interop;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.tensorflow.ndarray.Shape;

/** Writes safetensors files of float32. */
final class SafetensorsWriter {
  /** Tensors begin at multiples of so many bytes. */
  private static final int ALIGNMENT = 8;

  private SafetensorsWriter() {}

  /**
   * Writes a file.
   *
   * @param values of a name, in row-major order; asked for one after the other
   */
  static void write(Path file, Map<String, Shape> shapes, Function<String, float[]> values)
      throws IOException {
    Map<String, Object> header = new LinkedHashMap<>();
    // What PyTorch's programs look for.
    header.put("__metadata__", Map.of("format", "pt"));
    long end = 0;
    for (Map.Entry<String, Shape> tensor : shapes.entrySet()) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("dtype", NumberType.F32.name());
      entry.put("shape", tensor.getValue().asArray());
      long begin = end;
      end += NumberType.F32.bytes() * tensor.getValue().size();
      entry.put("data_offsets", List.of(begin, end));
      header.put(tensor.getKey(), entry);
    }
    String json = JSON.std.asString(header);
    byte[] padded =
        (json + " ".repeat(Math.floorMod(-json.length(), ALIGNMENT)))
            .getBytes(StandardCharsets.UTF_8);
    try (OutputStream out = Files.newOutputStream(file)) {
      byte[] length = new byte[Safetensors.LENGTH_BYTES];
      littleEndian(length).putLong(padded.length);
      out.write(length);
      out.write(padded);
      for (String name : shapes.keySet()) {
        float[] tensor = values.apply(name);
        byte[] bytes = new byte[NumberType.F32.bytes() * tensor.length];
        littleEndian(bytes).asFloatBuffer().put(tensor);
        out.write(bytes);
      }
    }
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
