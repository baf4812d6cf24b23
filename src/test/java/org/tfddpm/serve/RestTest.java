package org.tfddpm.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tfddpm.testing.HandMadeModel;

/** REST as its clients see it: version 1 doubles (and has a label), version 2 triples. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RestTest {
  private static final String PREDICT = "/v1/models/hand:predict";
  private static final String TOKEN = "correct-horse-battery";

  private Path base;
  private Served served;

  @BeforeAll
  void serve(@TempDir Path folder) throws IOException {
    base = folder.resolve("hand");
    HandMadeModel.write(base.resolve("1"), 2);
    HandMadeModel.write(base.resolve("2"), 3);
    served = new Served(List.of(base.toString()), Map.of("hand", Map.of("stable", 1L)));
  }

  @AfterAll
  void close() {
    served.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      maxCharsPerColumn = 1000,
      value = {
        "{\"instances\": [1, 2.5]} | {\"predictions\": [3.0, 7.5]}",
        "{\"instances\": [{\"x\": 1}]} | {\"predictions\": [3.0]}",
        "{\"inputs\": [1, 2]} | {\"outputs\": [3.0, 6.0]}",
        "{\"inputs\": {\"x\": [NaN, -Infinity, 1e39]}} | {\"outputs\": [NaN, -Infinity, Infinity]}",
        "{\"signature_name\": \"two\", \"instances\": [{\"a\": [1, 2], \"n\": 5}]}"
            + " | {\"predictions\": [{\"sum\": 8.0, \"twice\": 10}]}",
        "{\"inputs\": {\"a\": [[1, 2], [3, 4]], \"n\": [0, 1]}, \"signature_name\": \"two\"}"
            + " | {\"outputs\": {\"sum\": [3.0, 8.0], \"twice\": [0, 2]}}",
        "{\"signature_name\": \"scalar\", \"inputs\": 4} | {\"outputs\": 8.0}",
        "{\"signature_name\": \"types\", \"inputs\": {\"float32\": [0.1], \"float64\": [0.1],"
            + " \"int32\": [-7], \"int64\": [9007199254740993], \"uint8\": [255], \"bool\": [true],"
            + " \"string\": [\"a\\\"b\"]}} | {\"outputs\": {\"bool\": [true], \"float32\": [0.1],"
            + " \"float64\": [0.1], \"int32\": [-7], \"int64\": [9007199254740993], \"string\":"
            + " [\"a\\\"b\"], \"string_bytes\": [{\"b64\": \"YSJi\"}], \"uint8\": [255]}}",
      })
  void predicts(String request, String answer) {
    assertEquals(new Served.Answer(200, answer), served.post(PREDICT, request));
  }

  @Test
  void versionsAndLabels() {
    String body = "{\"instances\": [1]}";
    assertEquals(
        "{\"predictions\": [2.0]}", served.post("/v1/models/hand/versions/1:predict", body).body());
    assertEquals(
        "{\"predictions\": [3.0]}", served.post("/v1/models/hand/versions/2:predict", body).body());
    assertEquals(
        "{\"predictions\": [2.0]}",
        served.post("/v1/models/hand/labels/stable:predict", body).body());
    assertEquals(
        new Served.Answer(400, "{\"error\": \"Unrecognized servable version label: beta\"}"),
        served.post("/v1/models/hand/labels/beta:predict", body));
    assertEquals(
        new Served.Answer(404, "{\"error\": \"Servable not found for request: Latest(foot)\"}"),
        served.post("/v1/models/foot:predict", body));
    assertEquals(
        new Served.Answer(
            404, "{\"error\": \"Servable not found for request: Specific(hand, 9)\"}"),
        served.post("/v1/models/hand/versions/9:predict", body));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      maxCharsPerColumn = 1000,
      value = {
        "`` | 400 | JSON Parse error: The document is empty",
        "{\"signature_name\": \"no\", \"inputs\": [1]} | 400 | Serving signature name: \\\"no\\\" not"
            + " found in signature def",
        "{\"inputs\": [[1]]} | 400 | Expected input x to have the shape [?] but [1,1] is provided.",
        "{\"inputs\": {\"a\": [[1, 2]], \"n\": [1, 2]}, \"signature_name\": \"two\"} | 400 | Batching"
            + " Run() input tensors must have equal 0th-dimension size, not [1, 2]",
        "{\"signature_name\": \"scalar\", \"instances\": [1]} | 400 | Expected input s to have the"
            + " shape [] but [1] is provided.",
        "{\"instances\": [1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,"
            + "1,1,1,1]} | 400 | a request of 41 rows: allowed are up to 40",
      })
  void refuses(String request, int status, String message) {
    assertEquals(
        new Served.Answer(status, "{\"error\": \"" + message + "\"}"),
        served.post(PREDICT, request));
  }

  /** TensorFlow's own refusal is the caller's fault, and not that of who is in the same batch. */
  @Test
  void whatTensorFlowRefuses() {
    Served.Answer answer =
        served.post(PREDICT, "{\"signature_name\": \"gather\", \"instances\": [0, 7]}");
    assertEquals(400, answer.status());
    assertTrue(answer.body().contains("indices"), answer.body());
    assertEquals(
        "{\"predictions\": [30.0]}",
        served.post(PREDICT, "{\"signature_name\": \"gather\", \"instances\": [2]}").body());
  }

  @Test
  void otherCallsAndPaths() {
    assertEquals(501, served.post("/v1/models/hand:classify", "{}").status());
    assertEquals(
        new Served.Answer(400, "{\"error\": \"Malformed request: GET /v1/foo\"}"),
        served.get("/v1/foo"));
    assertEquals(404, served.get("/v2/models").status());
    Served.Answer page = served.get("/");
    assertEquals(200, page.status());
    assertTrue(page.body().contains("/v1/models/hand"), page.body());
  }

  @Test
  void status() {
    Served.Answer all = served.get("/v1/models/hand");
    assertEquals(200, all.status());
    assertEquals(
        "{\"model_version_status\":[{\"version\":\"2\",\"state\":\"AVAILABLE\",\"status\":"
            + "{\"error_code\":\"OK\",\"error_message\":\"\"}},{\"version\":\"1\",\"state\":"
            + "\"AVAILABLE\",\"status\":{\"error_code\":\"OK\",\"error_message\":\"\"}}]}",
        all.body().replaceAll("\\s", ""));
    assertTrue(!served.get("/v1/models/hand/versions/1").body().contains("\"2\""));
    assertEquals(
        new Served.Answer(404, "{\"error\": \"Could not find any versions of model foot\"}"),
        served.get("/v1/models/foot"));
    assertEquals(
        new Served.Answer(404, "{\"error\": \"Could not find version 9 of model hand\"}"),
        served.get("/v1/models/hand/versions/9"));
  }

  @Test
  void metadata() {
    String text = served.get("/v1/models/hand/metadata").body().replaceAll("\\s", "");
    assertTrue(
        text.startsWith(
            "{\"model_spec\":{\"name\":\"hand\",\"signature_name\":\"\",\"version\":\"2\"},"
                + "\"metadata\":{\"signature_def\":{\"signature_def\":{\"batch\":"),
        text);
    assertTrue(
        text.contains(
            "\"inputs\":{\"x\":{\"name\":\"x:0\",\"dtype\":\"DT_FLOAT\",\"tensor_shape\":{\"dim\":"
                + "[{\"size\":\"-1\",\"name\":\"\"}],\"unknown_rank\":false}}}"),
        text);
    assertEquals(404, served.get("/v1/models/hand/versions/9/metadata").status());
  }

  @Test
  void packedBodies() throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write("{\"instances\": [1]}".getBytes(StandardCharsets.UTF_8));
    }
    HttpRequest.Builder request =
        HttpRequest.newBuilder(served.uri(PREDICT)).header("content-encoding", "gzip");
    assertEquals(
        "{\"predictions\": [3.0]}",
        served
            .send(request.POST(HttpRequest.BodyPublishers.ofByteArray(packed.toByteArray())))
            .body());
    assertEquals(
        400, served.send(request.POST(HttpRequest.BodyPublishers.ofString("plain"))).statusCode());
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bomb)) {
      out.write(new byte[4 << 20]);
    }
    assertEquals(
        413,
        served
            .send(request.POST(HttpRequest.BodyPublishers.ofByteArray(bomb.toByteArray())))
            .statusCode());
  }

  /** With a length that is told before, and without. */
  @Test
  void largeBodiesAreRefusedAndTheServerGoesOn() {
    byte[] large = new byte[2 << 20];
    for (HttpRequest.BodyPublisher body :
        List.of(
            HttpRequest.BodyPublishers.ofByteArray(large),
            HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large)))) {
      HttpResponse<String> answer =
          served.send(
              HttpRequest.newBuilder(served.uri(PREDICT))
                  .version(HttpClient.Version.HTTP_1_1)
                  .POST(body));
      assertEquals(413, answer.statusCode());
      assertEquals("{\"error\": \"a body of over 1048576 bytes: see --max-body\"}", answer.body());
    }
    assertEquals(200, served.post(PREDICT, "{\"instances\": [1]}").status());
  }

  @Test
  void timeIsLimited() {
    try (Served hasty =
        new Served(
            List.of(base.toString()), Map.of(), Optional.empty(), 1 << 20, Duration.ofNanos(1))) {
      assertEquals(
          new Served.Answer(504, "{\"error\": \"the request's time was over\"}"),
          hasty.post(PREDICT, "{\"instances\": [1]}"));
    }
  }

  @Test
  void headersForBrowsers() {
    HttpResponse<String> page = served.send(HttpRequest.newBuilder(served.uri("/")));
    assertEquals("nosniff", page.headers().firstValue("x-content-type-options").orElse(""));
    assertTrue(page.headers().firstValue("content-security-policy").orElse("").contains("'self'"));
    HttpResponse<String> json = served.send(HttpRequest.newBuilder(served.uri("/v1/models/hand")));
    assertTrue(json.headers().firstValue("content-type").orElse("").startsWith("application/json"));
  }

  @Test
  void metrics() {
    served.post(PREDICT, "{\"instances\": [1]}");
    served.post(PREDICT, "x");
    String text = served.get("/monitoring/prometheus/metrics").body();
    for (String line :
        List.of(
            ":tensorflow:serving:request_count{model_name=\"hand\",status=\"OK\"}",
            ":tensorflow:serving:request_count{model_name=\"hand\",status=\"INVALID_ARGUMENT\"}",
            ":tensorflow:serving:request_latency_bucket{API=\"Predict\",entrypoint=\"REST\","
                + "model_name=\"hand\",le=\"10.0\"}",
            ":tensorflow:serving:request_latency_count{",
            ":tensorflow:serving:runtime_latency_sum{",
            ":tensorflow:serving:batching_session:real_batch_size_count{model_name=\"hand\"}",
            ":tensorflow:serving:batching_session:queued_rows{")) {
      assertTrue(text.contains("\n" + line), line + "\n" + text);
    }
  }

  @Test
  void aTokenIsAskedForWhereThereIsOne() {
    try (Served guarded =
        new Served(
            List.of(base.toString()),
            Map.of(),
            Optional.of(TOKEN),
            1 << 20,
            Duration.ofMinutes(1))) {
      for (String path :
          List.of("/v1/models/hand", "/V1/models/hand", "/monitoring/prometheus/metrics")) {
        assertEquals(401, guarded.get(path).status(), path);
        HttpRequest.Builder request = HttpRequest.newBuilder(guarded.uri(path));
        assertEquals(
            401,
            guarded.send(request.setHeader("authorization", "Bearer " + TOKEN + "x")).statusCode());
        assertEquals(
            401, guarded.send(request.setHeader("authorization", "Basic " + TOKEN)).statusCode());
        int status =
            guarded.send(request.setHeader("authorization", "Bearer " + TOKEN)).statusCode();
        assertEquals(200, status, path);
      }
      assertEquals(200, guarded.get("/").status());
    }
  }
}
