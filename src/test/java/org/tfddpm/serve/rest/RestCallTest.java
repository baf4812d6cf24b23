package org.tfddpm.serve.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tfddpm.serve.value.Code;
import org.tfddpm.serve.value.Failure;

/** Which paths mean what. */
class RestCallTest {
  @ParameterizedTest
  @CsvSource({
    "POST, /v1/models/a:predict, predict, Latest(a)",
    "POST, /V1/MODELS/a:PREDICT, predict, Latest(a)",
    "POST, /v1/models/a%20b%2Fc:predict, predict, Latest(a b/c)",
    "POST, /v1/models/a+b:predict, predict, Latest(a+b)",
    "POST, /v1/models/a/versions/7:predict, predict, 'Specific(a, 7)'",
    "POST, /v1/models/a:classify, classify, Latest(a)",
    "POST, /v1/models/a/versions/1:regress, regress, 'Specific(a, 1)'",
    "GET, /v1/models/a, status, Latest(a)",
    "GET, /v1/models/a/versions/12, status, 'Specific(a, 12)'",
    "GET, /v1/models/a/metadata, metadata, Latest(a)",
    "GET, /v1/models/a/versions/12/metadata, metadata, 'Specific(a, 12)'",
  })
  void calls(String method, String path, String verb, String model) {
    RestCall call = RestCall.parse(method, path);
    assertEquals(verb, call.verb());
    assertEquals(model, call.model().toString());
  }

  @Test
  void labels() {
    assertEquals(
        "stable",
        RestCall.parse("POST", "/v1/models/a/labels/stable:predict").model().label().orElse(""));
    assertEquals(
        "stable", RestCall.parse("GET", "/v1/models/a/labels/stable").model().label().orElse(""));
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /v1/foo",
    "GET, /v1/models/a:predict",
    "GET, /v1/models/a/foo",
    "GET, /v1/models/a/versions/x",
    "GET, /v1/models/a/versions/1/versions/2",
    "POST, /v1/models/a",
    "POST, /v1/models/a:foo",
    "POST, /v1/models/a/versions/x:predict",
    "POST, /v1/models/a/versions/-1:predict",
    "POST, /v1/models/a/versions/1/labels/b:predict",
    "POST, /v1/models/:predict",
    "PUT, /v1/models/a:predict",
    "DELETE, /v1/models/a",
  })
  void noCalls(String method, String path) {
    Failure failure = assertThrows(Failure.class, () -> RestCall.parse(method, path));
    assertEquals("Malformed request: " + method + " " + path, failure.text());
    assertEquals(Code.INVALID_ARGUMENT, failure.code());
  }

  @Test
  void noNameAndNoNumber() {
    assertEquals(
        "Missing model name in request.",
        assertThrows(Failure.class, () -> RestCall.parse("GET", "/v1/models")).text());
    String large = "99999999999999999999";
    assertEquals(
        "Failed to convert version: " + large + " to numeric.",
        assertThrows(
                Failure.class,
                () -> RestCall.parse("POST", "/v1/models/a/versions/" + large + ":predict"))
            .text());
  }
}
