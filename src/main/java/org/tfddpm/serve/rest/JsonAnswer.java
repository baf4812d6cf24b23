package org.tfddpm.serve.rest;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.tensorflow.proto.SignatureDef;
import org.tfddpm.serve.model.VersionStatus;
import org.tfddpm.serve.value.Code;
import org.tfddpm.serve.value.Element;
import org.tfddpm.serve.value.Failure;
import org.tfddpm.serve.value.Value;

/** Answers as JSON. */
final class JsonAnswer {
  /** Outputs whose names end so are base64; others are text. */
  private static final String BYTES = "_bytes";

  private final StringBuilder out = new StringBuilder();

  private JsonAnswer() {}

  /** Row by row: {"predictions": [...]}, objects where there are several outputs. */
  static String rows(Map<String, Value> outputs) {
    JsonAnswer answer = new JsonAnswer();
    Map<String, Value> sorted = new TreeMap<>(outputs);
    long rows = -1;
    for (Map.Entry<String, Value> output : sorted.entrySet()) {
      Value value = output.getValue();
      if (value.shape().numDimensions() == 0) {
        throw Failure.invalid("Tensor name: %s has no shape information ", output.getKey());
      }
      if (rows >= 0 && rows != value.rows()) {
        throw Failure.invalid(
            "Tensor name: %s has inconsistent batch size: %d expecting: %d",
            output.getKey(), value.rows(), rows);
      }
      rows = value.rows();
    }
    answer.out.append("{\"predictions\": [");
    for (int row = 0; row < rows; row++) {
      answer.out.append(row == 0 ? "" : ", ");
      int at = row;
      answer.named(sorted, (name, value) -> answer.part(name, value, at));
    }
    return answer.out.append("]}").toString();
  }

  /** As they are: {"outputs": ...}, an object where there are several. */
  static String columns(Map<String, Value> outputs) {
    JsonAnswer answer = new JsonAnswer();
    answer.out.append("{\"outputs\": ");
    answer.named(new TreeMap<>(outputs), answer::whole);
    return answer.out.append('}').toString();
  }

  private void named(
      Map<String, Value> outputs, java.util.function.BiConsumer<String, Value> write) {
    if (outputs.size() == 1) {
      outputs.forEach(write);
      return;
    }
    String before = "{";
    for (Map.Entry<String, Value> output : outputs.entrySet()) {
      out.append(before);
      string(output.getKey());
      out.append(": ");
      write.accept(output.getKey(), output.getValue());
      before = ", ";
    }
    out.append('}');
  }

  private void whole(String name, Value value) {
    new Writer(name, value, 0).write(value.shape().asArray(), 0);
  }

  private void part(String name, Value value, int row) {
    int size = (int) value.row().size();
    new Writer(name, value, row * size).write(value.row().asArray(), 0);
  }

  /** Writes the elements of a tensor from some element on. */
  private final class Writer {
    private final boolean base64;
    private final Value value;
    private final ByteBuffer bytes;
    private int next;

    Writer(String name, Value value, int first) {
      this.base64 = name.endsWith(BYTES);
      this.value = value;
      this.next = first;
      bytes = value.bytes();
      bytes.position(first * value.element().bytes());
    }

    void write(long[] sizes, int level) {
      if (level == sizes.length) {
        element();
        return;
      }
      out.append('[');
      for (long i = 0; i < sizes[level]; i++) {
        out.append(i == 0 ? "" : ", ");
        write(sizes, level + 1);
      }
      out.append(']');
    }

    private void element() {
      switch (value.element()) {
        case FLOAT -> JsonNumbers.append(out, bytes.getFloat());
        case DOUBLE -> JsonNumbers.append(out, bytes.getDouble());
        case INT32 -> out.append(bytes.getInt());
        case INT64 -> out.append(bytes.getLong());
        case UINT8 -> out.append(bytes.get() & 0xFF);
        case BOOL -> out.append(bytes.get() != 0);
        case STRING -> text(value.strings().get(next++));
        case HALF, BFLOAT16, UINT16 ->
            throw new Failure(
                Code.UNIMPLEMENTED,
                "JSON has no tensors of " + Element.name(value.element().type()) + "; gRPC has");
      }
    }

    private void text(ByteString text) {
      if (base64) {
        out.append("{\"b64\": \"");
        out.append(Base64.getEncoder().encodeToString(text.toByteArray())).append("\"}");
      } else {
        string(text.toStringUtf8());
      }
    }
  }

  private void string(String text) {
    out.append('"');
    JsonStringEncoder.getInstance().quoteAsString(text, out);
    out.append('"');
  }

  /** {"error": "..."}. */
  static String error(String message) {
    JsonAnswer answer = new JsonAnswer();
    answer.out.append("{\"error\": ");
    answer.string(message);
    return answer.out.append('}').toString();
  }

  /** What is known of versions. */
  static String status(List<VersionStatus> versions) {
    JsonAnswer answer = new JsonAnswer();
    answer.out.append("{\n \"model_version_status\": [\n");
    String before = "";
    for (VersionStatus version : versions) {
      answer
          .out
          .append(before)
          .append("  {\n   \"version\": \"")
          .append(version.version())
          .append("\",\n   \"state\": \"")
          .append(version.state())
          .append("\",\n   \"status\": {\n    \"error_code\": \"")
          .append(version.code())
          .append("\",\n    \"error_message\": ");
      answer.string(version.message());
      answer.out.append("\n   }\n  }");
      before = ",\n";
    }
    return answer.out.append("\n ]\n}\n").toString();
  }

  /** The signatures of a version. */
  static String metadata(String model, long version, Map<String, SignatureDef> signatures) {
    JsonAnswer answer = new JsonAnswer();
    answer.out.append("{\n\"model_spec\":{\n \"name\": ");
    answer.string(model);
    answer.out.append(",\n \"signature_name\": \"\",\n \"version\": \"").append(version);
    answer.out.append("\"\n},\n\"metadata\": {\"signature_def\": {\n \"signature_def\": {");
    String before = "\n";
    for (Map.Entry<String, SignatureDef> signature : new TreeMap<>(signatures).entrySet()) {
      answer.out.append(before);
      answer.string(signature.getKey());
      answer.out.append(": ").append(json(signature.getValue()));
      before = ",\n";
    }
    return answer.out.append("\n }\n}\n}\n}\n").toString();
  }

  private static String json(SignatureDef signature) {
    try {
      return JsonFormat.printer()
          .preservingProtoFieldNames()
          .includingDefaultValueFields()
          .sortingMapKeys()
          .print(signature);
    } catch (InvalidProtocolBufferException e) {
      throw new Failure(Code.INTERNAL, "a signature that cannot be written as JSON", e);
    }
  }
}
