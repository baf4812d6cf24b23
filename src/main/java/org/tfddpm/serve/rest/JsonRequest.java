package org.tfddpm.serve.rest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tensorflow.proto.SignatureDef;
import org.tfddpm.serve.model.Signatures;
import org.tfddpm.serve.value.Code;
import org.tfddpm.serve.value.Failure;
import org.tfddpm.serve.value.Value;

/**
 * The body of a predict request. It is read twice: first for the signature, whose name may come
 * last, then for the values, whose types are the signature's.
 */
final class JsonRequest {
  private static final int DEEPEST = 64;
  private static final String INSTANCES = "instances";
  private static final String INPUTS = "inputs";
  private static final String SIGNATURE = "signature_name";

  private static final JsonFactory JSON =
      new JsonFactoryBuilder()
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEEPEST)
                  // Images may be strings; what a body may have is limited elsewhere.
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private final byte[] body;
  private final String signature;
  private final boolean rows;

  private JsonRequest(byte[] body, String signature, boolean rows) {
    this.body = body;
    this.signature = signature;
    this.rows = rows;
  }

  /** Something that reads JSON. */
  private interface Reading<T> {
    T read(JsonParser json) throws IOException;
  }

  /**
   * Reads what kind of request it is. What follows the document is not read.
   *
   * @throws Failure INVALID_ARGUMENT if it is none
   */
  static JsonRequest parse(byte[] body) {
    return read(
        body,
        json -> {
          String signature = "";
          Set<String> formats = new TreeSet<>();
          while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            JsonToken value = json.nextToken();
            if (name.equals(SIGNATURE)) {
              if (value != JsonToken.VALUE_STRING) {
                throw Failure.invalid("'signature_name' key must be a string value.");
              }
              signature = json.getText();
            } else if (name.equals(INSTANCES) || name.equals(INPUTS)) {
              formats.add(name);
            }
            json.skipChildren();
          }
          if (formats.isEmpty()) {
            throw Failure.invalid("Missing 'inputs' or 'instances' key");
          }
          if (formats.size() > 1) {
            throw Failure.invalid(
                "Not formatted correctly expected only one of 'inputs' or 'instances' keys to exist");
          }
          return new JsonRequest(body, Signatures.named(signature), formats.contains(INSTANCES));
        });
  }

  /** The key of the signature. */
  String signature() {
    return signature;
  }

  /** Whether it comes row by row, and so the answer is to. */
  boolean byRows() {
    return rows;
  }

  /**
   * Reads the values.
   *
   * @throws Failure INVALID_ARGUMENT if they are not what the signature takes
   */
  Map<String, Value> inputs(SignatureDef signatureDef) {
    return read(
        body,
        json -> {
          String wanted = rows ? INSTANCES : INPUTS;
          while (json.nextToken() != JsonToken.END_OBJECT) {
            boolean found = json.currentName().equals(wanted);
            json.nextToken();
            if (found) {
              return rows ? rows(json, signatureDef) : columns(json, signatureDef);
            }
            json.skipChildren();
          }
          throw new IllegalStateException("read before, and now gone");
        });
  }

  /** Parses an object. */
  private static <T> T read(byte[] body, Reading<T> reading) {
    try (JsonParser json = JSON.createParser(body)) {
      JsonToken first = json.nextToken();
      if (first == null) {
        throw Failure.invalid("JSON Parse error: The document is empty");
      }
      if (first != JsonToken.START_OBJECT) {
        throw Failure.invalid("JSON Value: %s is not an object", json.getText());
      }
      return reading.read(json);
    } catch (StreamConstraintsException e) {
      throw new Failure(
          Code.INVALID_ARGUMENT,
          "JSON Parse error: deeper than " + DEEPEST + " levels, or a number of over 1000 digits",
          e);
    } catch (JsonProcessingException e) {
      throw new Failure(
          Code.INVALID_ARGUMENT, "JSON Parse error: Invalid value. at offset: " + offset(e), e);
    } catch (IOException e) {
      throw new Failure(Code.INVALID_ARGUMENT, "JSON Parse error: " + e.getMessage(), e);
    }
  }

  private static long offset(JsonProcessingException e) {
    return e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getByteOffset());
  }

  private static Map<String, JsonTensor> tensors(SignatureDef signature) {
    Map<String, JsonTensor> tensors = new TreeMap<>();
    signature
        .getInputsMap()
        .forEach((name, info) -> tensors.put(name, new JsonTensor(info.getDtype())));
    return tensors;
  }

  private static JsonTensor only(Map<String, JsonTensor> tensors, String key, String kind) {
    if (tensors.size() != 1) {
      throw Failure.invalid(
          "%s is a plain value/list, but expecting %s as multiple input tensors required as per"
              + " tensorinfo_map",
          key, kind);
    }
    return tensors.values().iterator().next();
  }

  private static Map<String, Value> rows(JsonParser json, SignatureDef signature)
      throws IOException {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      throw Failure.invalid("Expecting 'instances' to be an array/list");
    }
    Map<String, JsonTensor> tensors = tensors(signature);
    int count = 0;
    boolean named = false;
    for (JsonToken token = json.nextToken();
        token != JsonToken.END_ARRAY;
        token = json.nextToken()) {
      boolean plain = true;
      if (token == JsonToken.START_OBJECT) {
        json.nextToken();
        plain = isBase64(json, tensors);
        if (plain) {
          only(tensors, INSTANCES, "list of objects").addBase64(json, 1);
        } else {
          row(json, tensors, count);
        }
      } else {
        only(tensors, INSTANCES, "list of objects").add(json, 1);
      }
      if (count > 0 && named == plain) {
        throw Failure.invalid(
            "Failed to process element: %d of 'instances' list: all must be objects, or none",
            count);
      }
      named = !plain;
      count++;
    }
    if (count == 0) {
      throw Failure.invalid("'instances' is empty");
    }
    Map<String, Value> values = new TreeMap<>();
    for (Map.Entry<String, JsonTensor> tensor : tensors.entrySet()) {
      values.put(tensor.getKey(), tensor.getValue().value(count));
    }
    return values;
  }

  /** A row with names; the parser is behind its brace. */
  private static void row(JsonParser json, Map<String, JsonTensor> tensors, int index)
      throws IOException {
    Set<String> missing = new TreeSet<>(tensors.keySet());
    for (JsonToken token = json.currentToken();
        token != JsonToken.END_OBJECT;
        token = json.nextToken()) {
      String name = json.currentName();
      JsonTensor tensor = tensors.get(name);
      if (tensor == null || !missing.remove(name)) {
        throw Failure.invalid(
            "Failed to process element: %d key: %s of 'instances' list. Error: expecting the keys %s,"
                + " each once",
            index, name, String.join(", ", tensors.keySet()));
      }
      json.nextToken();
      tensor.add(json, 1);
    }
    if (!missing.isEmpty()) {
      throw Failure.invalid(
          "Failed to process element: %d of 'instances' list. Error: Missing named input: %s",
          index, String.join(", ", missing));
    }
  }

  private static Map<String, Value> columns(JsonParser json, SignatureDef signature)
      throws IOException {
    Map<String, JsonTensor> tensors = tensors(signature);
    Map<String, Value> values = new TreeMap<>();
    if (json.currentToken() == JsonToken.START_OBJECT) {
      json.nextToken();
      if (!isBase64(json, tensors)) {
        namedColumns(json, tensors);
      } else {
        only(tensors, INPUTS, "an object").addBase64(json, 0);
      }
    } else {
      only(tensors, INPUTS, "an object").add(json, 0);
    }
    tensors.forEach((name, tensor) -> values.put(name, tensor.value()));
    return values;
  }

  /** Names that the signature does not know are passed over, as in TensorFlow Serving. */
  private static void namedColumns(JsonParser json, Map<String, JsonTensor> tensors)
      throws IOException {
    Set<String> missing = new TreeSet<>(tensors.keySet());
    for (JsonToken token = json.currentToken();
        token != JsonToken.END_OBJECT;
        token = json.nextToken()) {
      String name = json.currentName();
      JsonTensor tensor = tensors.get(name);
      json.nextToken();
      if (tensor == null) {
        json.skipChildren();
      } else if (!missing.remove(name)) {
        throw Failure.invalid("Named input: %s is twice in 'inputs' object.", name);
      } else {
        tensor.add(json, 0);
      }
    }
    if (!missing.isEmpty()) {
      throw Failure.invalid(
          "Missing named input: %s in 'inputs' object.", String.join(", ", missing));
    }
  }

  /** Whether the object in which the parser is stands for bytes, and not for names. */
  private static boolean isBase64(JsonParser json, Map<String, JsonTensor> tensors)
      throws IOException {
    return json.currentToken() == JsonToken.FIELD_NAME
        && json.currentName().equals("b64")
        && !tensors.containsKey("b64");
  }
}
