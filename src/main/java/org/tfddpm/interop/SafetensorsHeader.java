package org.tfddpm.interop;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tensorflow.ndarray.Shape;
import org.tfddpm.spec.BadInput;

/** What the header of a safetensors file says, checked: the tensors fill the file without a gap. */
final class SafetensorsHeader {
  /** Not a tensor, but notes of whoever wrote the file. */
  private static final String METADATA = "__metadata__";

  private final Path file;
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  /**
   * A tensor.
   *
   * @param begin of its first byte, counted from the end of the header
   * @param end behind its last byte
   */
  record Entry(NumberType type, Shape shape, long begin, long end) {}

  /**
   * Reads a header.
   *
   * @param file for messages
   * @param data bytes behind the header
   * @throws BadInput if it is not one
   */
  SafetensorsHeader(Path file, String json, long data) {
    this.file = file;
    try {
      JSON.std
          .mapFrom(json)
          .forEach(
              (name, value) -> {
                if (!name.equals(METADATA)) {
                  entries.put(name, entry(name, value));
                }
              });
    } catch (IOException e) {
      throw new BadInput(file + ": its header is no JSON object", e);
    }
    long end = 0;
    List<Map.Entry<String, Entry>> inOrder = new ArrayList<>(entries.entrySet());
    inOrder.sort(Comparator.comparingLong(e -> e.getValue().begin));
    for (Map.Entry<String, Entry> tensor : inOrder) {
      if (tensor.getValue().begin != end) {
        throw bad(
            tensor.getKey(),
            "begins at byte "
                + tensor.getValue().begin
                + ": allowed is "
                + end
                + ", where the one before ends");
      }
      end = tensor.getValue().end;
    }
    if (end != data) {
      throw new BadInput(
          file
              + ": "
              + data
              + " bytes of tensors, its header tells of "
              + end
              + ": cut off or broken");
    }
  }

  /** The tensors by name, in the order of the header. */
  Map<String, Entry> entries() {
    return entries;
  }

  private Entry entry(String name, Object value) {
    if (!(value instanceof Map<?, ?> fields)) {
      throw bad(name, "is not described by an object");
    }
    NumberType type = type(name, fields.get("dtype"));
    List<Long> shape = numbers(name, "shape", fields.get("shape"));
    List<Long> offsets = numbers(name, "data_offsets", fields.get("data_offsets"));
    if (offsets.size() != 2) {
      throw bad(name, "has data_offsets " + offsets + ": allowed are two");
    }
    long begin = offsets.get(0);
    long end = offsets.get(1);
    long bytes = type.bytes();
    try {
      for (long size : shape) {
        bytes = Math.multiplyExact(bytes, size);
      }
    } catch (ArithmeticException e) {
      throw bad(name, "has the shape " + shape + ": larger than any file", e);
    }
    if (end - begin != bytes) {
      throw bad(
          name, type + " " + shape + " takes " + bytes + " bytes, its data_offsets are " + offsets);
    }
    if (bytes > Integer.MAX_VALUE) {
      throw bad(name, "takes " + bytes + " bytes: allowed are up to " + Integer.MAX_VALUE);
    }
    return new Entry(
        type, Shape.of(shape.stream().mapToLong(Long::longValue).toArray()), begin, end);
  }

  private NumberType type(String name, @Nullable Object value) {
    for (NumberType type : NumberType.values()) {
      if (type.name().equals(value)) {
        return type;
      }
    }
    throw bad(name, "is of type " + value + ": allowed are F32, F16, BF16");
  }

  private List<Long> numbers(String name, String field, @Nullable Object value) {
    List<Long> numbers = new ArrayList<>();
    if (value instanceof List<?> list) {
      for (Object number : list) {
        if (number instanceof Integer || number instanceof Long) {
          numbers.add(((Number) number).longValue());
        }
      }
      if (numbers.size() == list.size() && numbers.stream().allMatch(n -> n >= 0)) {
        return numbers;
      }
    }
    throw bad(name, "has the " + field + " " + value + ": allowed are whole numbers from 0");
  }

  private BadInput bad(String name, String what) {
    return new BadInput(message(name, what));
  }

  private BadInput bad(String name, String what, Exception cause) {
    return new BadInput(message(name, what), cause);
  }

  private String message(String name, String what) {
    return file + ": " + name + " " + what;
  }
}
