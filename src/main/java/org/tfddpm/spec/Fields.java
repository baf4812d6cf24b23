package org.tfddpm.spec;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/** The fields of a GraphSpec by their paths, such as {@code training.batch_size}. */
final class Fields {
  private Fields() {}

  /** A field's section (null for a field of GraphSpec itself) and the field. */
  record Path(FieldDescriptor section, FieldDescriptor field) {
    @Override
    public String toString() {
      return section.getName() + "." + field.getName();
    }
  }

  /**
   * The field of this path.
   *
   * @throws BadInput if there is none, with the nearest right path
   */
  static Path find(String place, String path) {
    return all()
        .filter(known -> known.toString().equals(path))
        .findFirst()
        .orElseThrow(
            () ->
                new BadInput(
                    place
                        + ": unknown field \""
                        + path
                        + "\""
                        + Names.suggest(path, all().map(Path::toString).toList())));
  }

  /** The fields of all sections. */
  static Stream<Path> all() {
    return sections(GraphSpec.getDescriptor())
        .flatMap(
            section ->
                section.getMessageType().getFields().stream()
                    .map(field -> new Path(section, field)));
  }

  /** The value of a field in a specification: what it says or the schema's default. */
  static Object get(GraphSpec spec, Path path) {
    return ((Message) spec.getField(path.section())).getField(path.field());
  }

  /** Whether the specification says anything of the field itself. */
  static boolean isSet(GraphSpec spec, Path path) {
    Message section = (Message) spec.getField(path.section());
    return path.field().isRepeated()
        ? section.getRepeatedFieldCount(path.field()) > 0
        : section.hasField(path.field());
  }

  /** Sets a field. */
  static void set(GraphSpec.Builder spec, Path path, Object value) {
    spec.getFieldBuilder(path.section()).setField(path.field(), value);
  }

  /** A value as --set and messages write it: lists with commas, enums in lower case. */
  static String show(Object value) {
    if (value instanceof List<?> list) {
      return String.join(",", list.stream().map(Fields::show).toList());
    }
    if (value instanceof EnumValueDescriptor constant) {
      return constant.getName().toLowerCase(Locale.ROOT);
    }
    return String.valueOf(value);
  }

  /** Calls with each field that differs, and its two values. */
  static void differences(GraphSpec a, GraphSpec b, BiConsumer<Path, List<Object>> found) {
    all()
        .forEach(
            path -> {
              Object before = get(a, path);
              Object after = get(b, path);
              if (!before.equals(after)) {
                found.accept(path, List.of(before, after));
              }
            });
  }

  private static Stream<FieldDescriptor> sections(Descriptor type) {
    return type.getFields().stream()
        .filter(field -> field.getJavaType() == FieldDescriptor.JavaType.MESSAGE);
  }
}
