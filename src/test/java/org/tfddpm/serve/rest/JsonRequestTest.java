package org.tfddpm.serve.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tfddpm.serve.value.Code;
import org.tfddpm.serve.value.Element;
import org.tfddpm.serve.value.Failure;
import org.tfddpm.serve.value.Value;

/** JSON as tensors, and what is wrong with it. */
class JsonRequestTest {
  private static final SignatureDef FLOAT = signature("x", DataType.DT_FLOAT);
  private static final SignatureDef INT = signature("x", DataType.DT_INT32);
  private static final SignatureDef STRING = signature("x", DataType.DT_STRING);
  private static final SignatureDef TWO =
      FLOAT.toBuilder()
          .putInputs("n", TensorInfo.newBuilder().setDtype(DataType.DT_INT32).build())
          .build();

  private static SignatureDef signature(String name, DataType type) {
    return SignatureDef.newBuilder()
        .putInputs(name, TensorInfo.newBuilder().setDtype(type).build())
        .build();
  }

  private static Map<String, Value> read(String json, SignatureDef signature) {
    return JsonRequest.parse(json.getBytes(StandardCharsets.UTF_8)).inputs(signature);
  }

  /** Shape and elements, such as [2]: 1.0 2.0. */
  private static String text(Value value) {
    List<String> parts = new ArrayList<>();
    ByteBuffer bytes = value.bytes();
    while (bytes.hasRemaining()) {
      switch (value.element()) {
        case FLOAT -> parts.add(Float.toString(bytes.getFloat()));
        case INT32 -> parts.add(Integer.toString(bytes.getInt()));
        case INT64 -> parts.add(Long.toString(bytes.getLong()));
        default -> parts.add(Byte.toString(bytes.get()));
      }
    }
    value.strings().forEach(s -> parts.add(s.toStringUtf8()));
    return Value.text(value.shape()) + ": " + String.join(" ", parts);
  }

  private static String only(String json, SignatureDef signature) {
    return text(read(json, signature).values().iterator().next());
  }

  private static String failure(String json, SignatureDef signature) {
    Failure failure = assertThrows(Failure.class, () -> read(json, signature));
    assertEquals(Code.INVALID_ARGUMENT, failure.code());
    return failure.text();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"instances\": [1, 2.5, -3e2]} | [3]: 1.0 2.5 -300.0",
        "{\"instances\": [[[1,2]], [[3,4]]]} | [2,1,2]: 1.0 2.0 3.0 4.0",
        "{\"instances\": [{\"x\": [1]}, {\"x\": [2]}]} | [2,1]: 1.0 2.0",
        "{\"instances\": [{\"x\": 1}, {\"x\": 2}]} | [2]: 1.0 2.0",
        "{\"instances\": [1435774380]} | [1]: 1.43577434E9",
        "{\"instances\": [1e39, -1e39, 1e-60]} | [3]: Infinity -Infinity 0.0",
        "{\"instances\": [NaN, Infinity, -Infinity]} | [3]: NaN Infinity -Infinity",
        "{\"instances\": [[], []]} | [2,0]: ",
        "{\"inputs\": [[1, 2], [3, 4]]} | [2,2]: 1.0 2.0 3.0 4.0",
        "{\"inputs\": {\"x\": [1, 2]}} | [2]: 1.0 2.0",
        "{\"inputs\": {\"x\": [1], \"unknown\": {\"a\": [[]]}}} | [1]: 1.0",
        "{\"inputs\": 7} | []: 7.0",
        "{\"inputs\": []} | [0]: ",
        "{\"other\": {\"instances\": 3}, \"instances\": [1], \"more\": null} | [1]: 1.0",
        "{\"instances\": [1]} trailing garbage | [1]: 1.0",
      })
  void floats(String json, String expected) {
    assertEquals(expected, only(json, FLOAT).strip() + (expected.endsWith(" ") ? " " : ""));
  }

  @Test
  void strings() {
    assertEquals("[2]: a ü", only("{\"instances\": [\"a\", \"\\u00fc\"]}", STRING));
    assertEquals("[1]: hello", only("{\"instances\": [{\"b64\": \"aGVsbG8=\"}]}", STRING));
    assertEquals(
        "[2,1]: hello a", only("{\"instances\": [[{\"b64\": \"aGVsbG8=\"}], [\"a\"]]}", STRING));
    assertEquals("[1]: hello", only("{\"instances\": [{\"x\": {\"b64\": \"aGVsbG8=\"}}]}", STRING));
    assertEquals("[]: hello", only("{\"inputs\": {\"b64\": \"aGVsbG8=\"}}", STRING));
    assertEquals("[]: hello", only("{\"inputs\": {\"x\": {\"b64\": \"aGVsbG8=\"}}}", STRING));
    assertEquals(
        "JSON Value: \"b64\" is not a valid base64 string",
        failure("{\"instances\": [{\"b64\": \"a!\"}]}", STRING));
    assertTrue(
        failure("{\"instances\": [{\"b64\": \"aGVsbG8=\"}]}", FLOAT)
            .endsWith("is not of expected type: float"));
    assertTrue(
        failure("{\"instances\": [{\"b64\": 3}]}", STRING).contains("expected type: string"));
  }

  @Test
  void wholeNumbersAreStrict() {
    assertEquals("[3]: 1 -2 2147483647", only("{\"instances\": [1, -2, 2147483647]}", INT));
    assertEquals(
        "JSON Value: 1.0 Type: Number is not of expected type: int32",
        failure("{\"instances\": [1.0]}", INT));
    assertEquals(
        "JSON Value: 2147483648 Type: Number is not of expected type: int32",
        failure("{\"instances\": [2147483648]}", INT));
    SignatureDef int64 = signature("x", DataType.DT_INT64);
    assertEquals("[1]: 9223372036854775807", only("{\"instances\": [9223372036854775807]}", int64));
    assertTrue(failure("{\"instances\": [9223372036854775808]}", int64).contains("type: int64"));
    SignatureDef uint8 = signature("x", DataType.DT_UINT8);
    assertEquals("[2]: -1 0", only("{\"instances\": [255, 256]}", uint8));
    SignatureDef bool = signature("x", DataType.DT_BOOL);
    assertEquals("[2]: 1 0", only("{\"instances\": [true, false]}", bool));
    assertTrue(failure("{\"instances\": [1]}", bool).contains("Type: Number"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      maxCharsPerColumn = 1000,
      value = {
        "`` | JSON Parse error: The document is empty",
        "`  ` | JSON Parse error: The document is empty",
        "x | JSON Parse error: Invalid value. at offset: 0",
        "{\"instances\": [1,, 2]} | JSON Parse error: Invalid value. at offset: 17",
        "[1] | JSON Value: [ is not an object",
        "{} | Missing 'inputs' or 'instances' key",
        "{\"instances\": [1], \"inputs\": [1]} | Not formatted correctly expected only one of"
            + " 'inputs' or 'instances' keys to exist",
        "{\"signature_name\": 3, \"inputs\": [1]} | 'signature_name' key must be a string value.",
        "{\"instances\": 3} | Expecting 'instances' to be an array/list",
        "{\"instances\": []} | 'instances' is empty",
        "{\"instances\": [\"a\"]} | JSON Value: \"a\" Type: String is not of expected type: float",
        "{\"instances\": [null]} | JSON Value: null Type: Null is not of expected type: float",
        "{\"instances\": [true]} | JSON Value: true Type: True is not of expected type: float",
        "{\"instances\": [[{\"a\": 1}]]} | JSON Value: a Type: Object is not of expected type: float",
        "{\"instances\": [[1, 2], [3]]} | Encountered list at unexpected size: 1 at level: 1"
            + " expected size: 2",
        "{\"instances\": [[1], 2]} | Encountered a scalar at level: 1 expected level: 2",
        "{\"instances\": [1, [2]]} | Encountered list at unexpected level: 1 expected: < 1",
        "{\"instances\": [[1], [[2]]]} | Encountered list at unexpected level: 2 expected: < 2",
        "{\"instances\": [1, {\"x\": 1}]} | Failed to process element: 1 of 'instances' list: all"
            + " must be objects, or none",
        "{\"instances\": [{\"y\": 1}]} | Failed to process element: 0 key: y of 'instances' list."
            + " Error: expecting the keys x, each once",
        "{\"instances\": [{\"x\": 1}, {}]} | Failed to process element: 1 of 'instances' list."
            + " Error: Missing named input: x",
        "{\"inputs\": {\"y\": 1}} | Missing named input: x in 'inputs' object.",
        "{\"inputs\": {\"x\": 1, \"x\": 1}} | Named input: x is twice in 'inputs' object.",
      })
  void whatIsWrongIsSaid(String json, String message) {
    assertEquals(message, failure(json, FLOAT));
  }

  @Test
  void severalInputs() {
    Map<String, String> texts = new TreeMap<>();
    read("{\"instances\": [{\"n\": 1, \"x\": [2]}, {\"x\": [4], \"n\": 3}]}", TWO)
        .forEach((name, value) -> texts.put(name, text(value)));
    assertEquals("{n=[2]: 1 3, x=[2,1]: 2.0 4.0}", texts.toString());
    read("{\"inputs\": {\"n\": [1, 3], \"x\": [[2], [NaN]]}}", TWO)
        .forEach((name, value) -> texts.put(name, text(value)));
    assertEquals("{n=[2]: 1 3, x=[2,1]: 2.0 NaN}", texts.toString());
    assertTrue(failure("{\"instances\": [1]}", TWO).startsWith("instances is a plain value/list"));
    assertTrue(failure("{\"inputs\": [1]}", TWO).startsWith("inputs is a plain value/list"));
    assertTrue(failure("{\"inputs\": {\"x\": [1]}}", TWO).startsWith("Missing named input: n"));
    assertTrue(
        failure("{\"instances\": [{\"x\": 1, \"n\": 1, \"z\": 1}]}", TWO).contains("key: z"));
  }

  /** The name of the signature may come last. */
  @Test
  void theSignatureIsFoundWhereverItIs() {
    JsonRequest request =
        JsonRequest.parse(
            "{\"instances\": [1], \"signature_name\": \"s\"}".getBytes(StandardCharsets.UTF_8));
    assertEquals("s", request.signature());
    assertTrue(request.byRows());
    assertEquals(
        "serving_default",
        JsonRequest.parse("{\"inputs\": [1]}".getBytes(StandardCharsets.UTF_8)).signature());
  }

  @Test
  void depthIsLimited() {
    for (String end : List.of("", "]".repeat(500_000) + "}")) {
      assertTrue(
          failure("{\"instances\": " + "[".repeat(500_000) + end, FLOAT).startsWith("JSON Parse"));
    }
    assertTrue(failure("{\"instances\": [1" + "0".repeat(2000) + "]}", FLOAT).contains("digits"));
  }

  @Test
  void brokenTextIsNoJson() {
    byte[] bytes = "{\"instances\": [\"a\"]}".getBytes(StandardCharsets.UTF_8);
    bytes[16] = (byte) 0xC3;
    assertTrue(
        assertThrows(Failure.class, () -> JsonRequest.parse(bytes).inputs(STRING))
            .text()
            .startsWith("JSON Parse error"));
  }

  @Test
  void typesThatJsonDoesNotHave() {
    Failure failure =
        assertThrows(
            Failure.class, () -> read("{\"instances\": [1]}", signature("x", DataType.DT_HALF)));
    assertEquals(Code.UNIMPLEMENTED, failure.code());
    assertEquals(Element.UINT8, Element.of(DataType.DT_UINT8));
  }
}
