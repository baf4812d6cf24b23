package org.tfddpm.interop;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.tfddpm.run.Folders;
import org.tfddpm.spec.BadInput;

/** The fields of a JSON file, each taken out once: what is left over at the end is unknown. */
final class JsonFields {
  private final Path file;
  private final Map<String, Object> left;

  private JsonFields(Path file, Map<String, Object> fields) {
    this.file = file;
    this.left = new LinkedHashMap<>(fields);
  }

  /**
   * Reads a file.
   *
   * @throws BadInput if it holds no JSON object
   */
  static JsonFields read(Path file) {
    byte[] content = Folders.read(file.toString(), file);
    try {
      return new JsonFields(file, JSON.std.mapFrom(content));
    } catch (IOException e) {
      throw new BadInput(file + ": no JSON object", e);
    }
  }

  /** The fields of no file, which all have their defaults. */
  static JsonFields none(Path file) {
    return new JsonFields(file, Map.of());
  }

  /** What messages call it. */
  Path file() {
    return file;
  }

  /** The value of a field, null if it is null. */
  @Nullable Object take(String field, @Nullable Object absent) {
    return left.containsKey(field) ? left.remove(field) : absent;
  }

  String text(String field, String absent) {
    Object value = take(field, absent);
    if (value instanceof String text) {
      return text;
    }
    throw bad(field, value, "is a text");
  }

  /** A whole number from 1. */
  int count(String field, int absent) {
    return count(field, Objects.requireNonNullElse(take(field, absent), "null"));
  }

  private int count(String field, Object value) {
    if (value instanceof Integer number && number > 0) {
      return number;
    }
    throw bad(field, value, "are whole numbers from 1");
  }

  double number(String field, double absent) {
    Object value = take(field, absent);
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    throw bad(field, value, "are numbers");
  }

  boolean flag(String field, boolean absent) {
    Object value = take(field, absent);
    if (value instanceof Boolean flag) {
      return flag;
    }
    throw bad(field, value, "are true, false");
  }

  /** Whole numbers from 1, at least one of them. */
  List<Integer> counts(String field, @Nullable Object absent) {
    List<Integer> counts = new ArrayList<>();
    for (Object value : list(field, absent)) {
      counts.add(count(field, value));
    }
    return counts;
  }

  List<String> texts(String field, List<String> absent) {
    return list(field, absent).stream().map(Object::toString).toList();
  }

  private List<?> list(String field, @Nullable Object absent) {
    Object value = take(field, absent);
    if (value instanceof List<?> list && !list.isEmpty()) {
      return list;
    }
    throw bad(field, value, "is a list");
  }

  Map<?, ?> object(String field) {
    Object value = take(field, null);
    if (value instanceof Map<?, ?> object) {
      return object;
    }
    throw bad(field, value, "is an object");
  }

  /**
   * Refuses every value of a field but these.
   *
   * @param absent what it is where it is not there
   */
  void allow(String field, @Nullable Object absent, @Nullable Object... allowed) {
    Object value = take(field, absent);
    for (@Nullable Object one : allowed) {
      if (isEqual(one, value)) {
        return;
      }
    }
    List<String> known = new ArrayList<>();
    for (@Nullable Object one : allowed) {
      known.add(show(one));
    }
    throw bad(field, value, (known.size() == 1 ? "is " : "are ") + String.join(", ", known));
  }

  private static boolean isEqual(@Nullable Object a, @Nullable Object b) {
    if (a instanceof Number one && b instanceof Number other) {
      return one.doubleValue() == other.doubleValue();
    }
    return Objects.equals(a, b);
  }

  /** Refuses fields that nobody has taken, unless they are empty or begin with an underscore. */
  void refuseOthers() {
    left.forEach(
        (field, value) -> {
          if (!field.startsWith("_") && value != null && !value.equals(false)) {
            throw new BadInput(
                file + ": " + field + " is " + show(value) + ": what it does is unknown here");
          }
        });
  }

  /**
   * What a field is, and what is allowed.
   *
   * @param allowed beginning with "is" or "are"
   */
  BadInput bad(String field, @Nullable Object value, String allowed) {
    return new BadInput(file + ": " + field + " is " + show(value) + ": allowed " + allowed);
  }

  private static String show(@Nullable Object value) {
    return value instanceof String text ? "\"" + text + "\"" : String.valueOf(value);
  }
}
