package org.tfddpm.spec;

import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** One {@code --set section.field=value}. */
final class Setting {
  private Setting() {}

  /**
   * Applies it.
   *
   * @return the path of the field
   * @throws BadInput if the text has no {@code =}, the field does not exist, or the value is not of
   *     its type
   */
  static String apply(GraphSpec.Builder spec, String text) {
    int equals = text.indexOf('=');
    if (equals < 0) {
      throw new BadInput("--set " + text + ": allowed is SECTION.FIELD=VALUE");
    }
    String place = "--set " + text;
    Fields.Path path = Fields.find(place, text.substring(0, equals).strip());
    String value = text.substring(equals + 1).strip();
    if (!path.field().isRepeated()) {
      Fields.set(spec, path, parse(place, path.field(), value));
      return path.toString();
    }
    List<Object> values = new ArrayList<>();
    if (!value.isEmpty()) {
      for (String element : value.split(",", -1)) {
        values.add(parse(place, path.field(), element.strip()));
      }
    }
    Fields.set(spec, path, values);
    return path.toString();
  }

  private static Object parse(String place, FieldDescriptor field, String value) {
    try {
      return switch (field.getJavaType()) {
        case INT -> Integer.valueOf(value);
        case LONG -> Long.valueOf(value);
        case DOUBLE -> Double.valueOf(value);
        case BOOLEAN -> parseBoolean(place, value);
        case STRING -> value;
        case ENUM -> parseEnum(place, field, value);
        default -> throw new IllegalStateException("no --set for " + field.getFullName());
      };
    } catch (NumberFormatException e) {
      String number =
          field.getJavaType() == FieldDescriptor.JavaType.DOUBLE ? "number" : "whole number";
      throw new BadInput(place + ": \"" + value + "\" is not a " + number, e);
    }
  }

  private static Boolean parseBoolean(String place, String value) {
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new BadInput(place + ": \"" + value + "\": allowed are true, false");
    };
  }

  private static EnumValueDescriptor parseEnum(String place, FieldDescriptor field, String value) {
    EnumValueDescriptor constant =
        field.getEnumType().findValueByName(value.toUpperCase(Locale.ROOT));
    if (constant == null) {
      List<String> known = field.getEnumType().getValues().stream().map(Fields::show).toList();
      throw new BadInput(place + ": unknown value \"" + value + "\"" + Names.suggest(value, known));
    }
    return constant;
  }
}
