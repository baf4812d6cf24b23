package org.tfddpm.serve.rest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.DataType;
import org.tfddpm.serve.value.Code;
import org.tfddpm.serve.value.Element;
import org.tfddpm.serve.value.Failure;
import org.tfddpm.serve.value.Value;

/** A tensor that is read from nested lists, all of which must agree on its shape. */
final class JsonTensor {
  private static final String B64 = "b64";
  private static final int UNKNOWN = -1;

  private final Element element;
  private final List<Integer> sizes = new ArrayList<>();
  private final List<ByteString> strings = new ArrayList<>();
  private ByteBuffer bytes = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
  private int rank = UNKNOWN;

  JsonTensor(DataType type) {
    element = Element.of(type);
    if (element == Element.HALF || element == Element.BFLOAT16 || element == Element.UINT16) {
      throw new Failure(
          Code.UNIMPLEMENTED, "JSON has no tensors of " + Element.name(type) + "; gRPC has");
    }
  }

  /**
   * Reads the value at which the parser is.
   *
   * @param level 0 for a whole tensor, 1 for a row of it
   */
  void add(JsonParser json, int level) throws IOException {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      addScalar(json, level);
      return;
    }
    if (rank != UNKNOWN && level >= rank) {
      throw Failure.invalid("Encountered list at unexpected level: %d expected: < %d", level, rank);
    }
    int size = 0;
    while (json.nextToken() != JsonToken.END_ARRAY) {
      add(json, level + 1);
      size++;
    }
    while (sizes.size() <= level) {
      sizes.add(UNKNOWN);
    }
    int before = sizes.get(level);
    if (before != UNKNOWN && before != size) {
      throw Failure.invalid(
          "Encountered list at unexpected size: %d at level: %d expected size: %d",
          size, level, before);
    }
    sizes.set(level, size);
  }

  /** A string as the object {"b64": "..."}, of which the parser is at the name. */
  void addBase64(JsonParser json, int level) throws IOException {
    if (element != Element.STRING || json.nextToken() != JsonToken.VALUE_STRING) {
      throw unexpected(json, "Object");
    }
    at(level);
    try {
      strings.add(ByteString.copyFrom(json.getBinaryValue()));
    } catch (IOException e) {
      throw new Failure(
          Code.INVALID_ARGUMENT, "JSON Value: \"" + B64 + "\" is not a valid base64 string", e);
    }
    if (json.nextToken() != JsonToken.END_OBJECT) {
      throw unexpected(json, "Object");
    }
  }

  private void addScalar(JsonParser json, int level) throws IOException {
    if (json.currentToken() == JsonToken.START_OBJECT) {
      if (json.nextToken() != JsonToken.FIELD_NAME || !json.currentName().equals(B64)) {
        throw unexpected(json, "Object");
      }
      addBase64(json, level);
      return;
    }
    at(level);
    grow();
    JsonToken token = json.currentToken();
    boolean whole = token == JsonToken.VALUE_NUMBER_INT;
    boolean number = whole || token == JsonToken.VALUE_NUMBER_FLOAT;
    boolean truth = token == JsonToken.VALUE_TRUE || token == JsonToken.VALUE_FALSE;
    boolean fits =
        switch (element) {
          case FLOAT, DOUBLE -> number;
          case INT32, UINT8 -> whole && json.getNumberType() == JsonParser.NumberType.INT;
          case INT64 -> whole && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
          case BOOL -> truth;
          case STRING -> token == JsonToken.VALUE_STRING;
          case HALF, BFLOAT16, UINT16 -> false;
        };
    if (!fits) {
      throw unexpected(json, typeOf(token));
    }
    switch (element) {
      case FLOAT -> bytes.putFloat(json.getFloatValue());
      case DOUBLE -> bytes.putDouble(json.getDoubleValue());
      case INT32 -> bytes.putInt(json.getIntValue());
      // The range is not checked, as in TensorFlow Serving.
      case UINT8 -> bytes.put((byte) json.getIntValue());
      case INT64 -> bytes.putLong(json.getLongValue());
      case BOOL -> bytes.put((byte) (token == JsonToken.VALUE_TRUE ? 1 : 0));
      case STRING -> strings.add(ByteString.copyFromUtf8(json.getText()));
      case HALF, BFLOAT16, UINT16 -> throw new AssertionError();
    }
  }

  private void at(int level) {
    if (rank == UNKNOWN) {
      rank = level;
    }
    boolean closedDeeper = sizes.size() > level;
    if (rank != level || closedDeeper) {
      throw Failure.invalid("Encountered a scalar at level: %d expected level: %d", level, rank);
    }
  }

  private void grow() {
    if (bytes.remaining() < element.bytes()) {
      bytes =
          ByteBuffer.wrap(Arrays.copyOf(bytes.array(), 2 * bytes.capacity()))
              .order(ByteOrder.LITTLE_ENDIAN)
              .position(bytes.position());
    }
  }

  private Failure unexpected(JsonParser json, String type) throws IOException {
    String text = json.getText();
    String shown = text == null ? "" : text.substring(0, Math.min(64, text.length()));
    return Failure.invalid(
        "JSON Value: %s Type: %s is not of expected type: %s",
        type.equals("String") ? '"' + shown + '"' : shown, type, Element.name(element.type()));
  }

  private static String typeOf(JsonToken token) {
    return switch (token) {
      case VALUE_STRING -> "String";
      case VALUE_TRUE -> "True";
      case VALUE_FALSE -> "False";
      case VALUE_NULL -> "Null";
      default -> "Number";
    };
  }

  /** The tensor, of so many rows where rows were added. */
  Value value(int rows) {
    if (sizes.isEmpty()) {
      sizes.add(UNKNOWN);
    }
    sizes.set(0, rows);
    return value();
  }

  /** The tensor. */
  Value value() {
    Shape shape = Shape.of(sizes.stream().mapToLong(Integer::longValue).toArray());
    return element == Element.STRING
        ? Value.of(shape, strings)
        : Value.of(element, shape, Arrays.copyOf(bytes.array(), bytes.position()));
  }
}
