package org.tfddpm.serve.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.tfddpm.testing.BadInputs.messageOf;

import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;
import org.tfddpm.run.Folders;
import org.tfddpm.run.TfRecord;
import org.tfddpm.serve.batch.Batching;
import org.tfddpm.serve.metrics.Metrics;
import org.tfddpm.serve.value.Code;
import org.tfddpm.serve.value.Element;
import org.tfddpm.serve.value.Failure;
import org.tfddpm.serve.value.Value;
import org.tfddpm.serving.ModelSpec;
import org.tfddpm.serving.PredictLog;
import org.tfddpm.serving.PredictRequest;
import org.tfddpm.serving.PredictionLog;
import org.tfddpm.testing.HandMadeModel;

/** A folder of versions, changed while it is watched. Version n multiplies by n. */
class VersionsComeAndGoTest {
  private static final ModelVersion.Settings SETTINGS =
      new ModelVersion.Settings(
          ConfigProto.getDefaultInstance(), new Batching(8, Duration.ZERO, 100, List.of()), 100);
  private static final Models NONE =
      new Models(List.of(), Map.of(), SETTINGS, new Metrics(), line -> {});
  private static final ModelChoice LATEST =
      new ModelChoice("hand", OptionalLong.empty(), Optional.empty());

  @TempDir Path base;
  private final List<String> log = new CopyOnWriteArrayList<>();
  private Models models = NONE;

  private void start(Map<String, Long> labels) {
    models =
        new Models(
            List.of(ModelPlace.parse("hand=" + base)),
            Map.of("hand", labels),
            SETTINGS,
            new Metrics(),
            log::add);
  }

  @AfterEach
  void end() {
    models.close();
  }

  private Path write(long version) throws IOException {
    return HandMadeModel.write(base.resolve(Long.toString(version)), (float) version);
  }

  private static ModelChoice version(long number) {
    return new ModelChoice("hand", OptionalLong.of(number), Optional.empty());
  }

  /** What the signature gives for ones. */
  private static float[] run(Lease lease, String signature, String output, int rows) {
    ByteBuffer x = ByteBuffer.allocate(4 * rows).order(ByteOrder.LITTLE_ENDIAN);
    while (x.hasRemaining()) {
      x.putFloat(1);
    }
    Value value =
        Objects.requireNonNull(
            lease
                .predict(
                    signature,
                    Map.of("x", Value.of(Element.FLOAT, Shape.of(rows), x.array())),
                    Set.of(),
                    TimeUnit.MINUTES.toNanos(1))
                .join()
                .get(output));
    float[] given = new float[rows];
    ByteBuffer bytes = value.bytes();
    for (int i = 0; i < rows; i++) {
      given[i] = value.element() == Element.FLOAT ? bytes.getFloat() : bytes.getInt();
    }
    return given;
  }

  private float factor(ModelChoice choice) {
    return run(models.find(choice), "serving_default", "y", 1)[0];
  }

  /** Such as "2 AVAILABLE, 1 END". */
  private String states() {
    return String.join(
        ", ", models.status(LATEST).stream().map(s -> s.version() + " " + s.state()).toList());
  }

  @Test
  void theNewestIsServedAndTheOldOneGoesAfterIt() throws IOException {
    write(1);
    start(Map.of());
    assertEquals(1, factor(LATEST));
    write(10);
    write(9);
    models.poll();
    assertEquals(10, factor(LATEST));
    assertEquals("10 AVAILABLE, 1 END", states());
    assertEquals(Code.NOT_FOUND, assertThrows(Failure.class, () -> models.find(version(1))).code());
    assertEquals(
        List.of(
            "model hand: version 1 is served",
            "model hand: version 10 is served",
            "model hand: version 1 is unloaded"),
        log);
    Folders.delete(base.resolve("10"));
    models.poll();
    assertEquals(9, factor(LATEST));
    assertEquals("10 END, 9 AVAILABLE, 1 END", states());
  }

  @Test
  void whoHoldsAVersionFinishesWithIt() throws IOException {
    write(1);
    start(Map.of());
    Lease held = models.find(LATEST);
    write(2);
    models.poll();
    assertEquals("2 AVAILABLE, 1 UNLOADING", states());
    assertEquals(2, factor(LATEST));
    assertEquals(1, run(held, "serving_default", "y", 1)[0]);
    assertEquals("2 AVAILABLE, 1 END", states());
  }

  @Test
  void aBrokenVersionIsSaidOnceAndTriedAgainWhenItChanges() throws IOException {
    write(1);
    start(Map.of());
    byte[] whole = Files.readAllBytes(write(2).resolve("saved_model.pb"));
    Path file = base.resolve("2/saved_model.pb");
    Files.write(file, Arrays.copyOf(whole, whole.length / 2));
    models.poll();
    models.poll();
    assertEquals(1, factor(LATEST));
    assertEquals("2 END, 1 AVAILABLE", states());
    VersionStatus broken = models.status(version(2)).get(0);
    assertEquals(Code.DATA_LOSS, broken.code());
    assertEquals("saved_model.pb is truncated or no SavedModel", broken.message());
    assertEquals(
        List.of(
            "model hand: version 1 is served",
            "model hand: version 2 is not served: saved_model.pb is truncated or no SavedModel;"
                + " version 1 is served on"),
        log);
    Files.write(file, whole);
    models.poll();
    assertEquals(2, factor(LATEST));
    assertEquals("2 AVAILABLE, 1 END", states());
  }

  @Test
  void foldersThatAreNoVersions() throws IOException {
    write(1);
    start(Map.of());
    for (String name : List.of("notes", ".writing-5", "7.partial")) {
      HandMadeModel.write(base.resolve(name), 7);
    }
    Files.createDirectories(base.resolve("3"));
    Files.createDirectories(base.resolve("4"));
    Files.writeString(base.resolve("4/saved_model.pb"), "somebody else's");
    models.poll();
    assertEquals(1, factor(LATEST));
    assertEquals("4 END, 3 END, 1 AVAILABLE", states());
    assertEquals("saved_model.pb is missing", models.status(version(3)).get(0).message());
  }

  @Test
  void labelsKeepVersions() throws IOException {
    write(1);
    write(2);
    start(Map.of("stable", 1L));
    ModelChoice stable = new ModelChoice("hand", OptionalLong.empty(), Optional.of("stable"));
    assertEquals(1, factor(stable));
    assertEquals(2, factor(LATEST));
    write(3);
    models.poll();
    assertEquals("3 AVAILABLE, 2 END, 1 AVAILABLE", states());
    assertEquals(1, factor(stable));
    assertEquals(1, models.status(stable).size());
  }

  @Test
  void noRequestIsLostWhileVersionsChange() throws Exception {
    write(1);
    start(Map.of());
    AtomicBoolean over = new AtomicBoolean();
    AtomicInteger answered = new AtomicInteger();
    List<Throwable> failures = new CopyOnWriteArrayList<>();
    List<Thread> clients = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      Thread client =
          new Thread(
              () -> {
                float last = 0;
                while (!over.get()) {
                  float now = factor(LATEST);
                  if (now < last) {
                    throw new AssertionError(now + " after " + last);
                  }
                  last = now;
                  answered.incrementAndGet();
                }
              });
      client.setUncaughtExceptionHandler((thread, failure) -> failures.add(failure));
      client.start();
      clients.add(client);
    }
    for (int version = 2; version <= 12; version++) {
      write(version);
      Folders.delete(base.resolve(Integer.toString(version - 1)));
      models.poll();
    }
    over.set(true);
    for (Thread client : clients) {
      client.join();
    }
    assertEquals(List.of(), failures);
    assertTrue(answered.get() >= 6);
    assertEquals(12, factor(LATEST));
    // Those that are over long ago are forgotten.
    models.poll();
    assertEquals(9, models.status(LATEST).size());
  }

  @Test
  void batchesAsTheVersionSays() throws IOException {
    Path one = write(1);
    Files.writeString(
        one.resolve("batching_params.pbtxt"),
        """
        max_batch_size { value: 4 }
        batch_timeout_micros { value: 0 }
        max_enqueued_batches { value: 5 }
        num_batch_threads { value: 2 }
        allowed_batch_sizes: 2
        allowed_batch_sizes: 4
        """);
    start(Map.of());
    assertEquals(2, run(models.find(LATEST), "batch", "rows", 1)[0]);
    float[] rows = run(models.find(LATEST), "batch", "rows", 7);
    assertEquals("[4.0, 4.0, 4.0, 4.0, 4.0, 4.0, 4.0]", Arrays.toString(rows));
    Path two = write(2);
    Files.writeString(two.resolve("batching_params.pbtxt"), "allowed_batch_sizes: 3");
    models.poll();
    assertEquals("2 END, 1 AVAILABLE", states());
    assertTrue(
        log.get(1).contains("the last must be max_batch_size, 8; version 1"), log.toString());
  }

  private static byte[] warmUp(String signature, String input) throws IOException {
    TensorProto ones =
        TensorProto.newBuilder()
            .setDtype(DataType.DT_FLOAT)
            .setTensorShape(
                TensorShapeProto.newBuilder().addDim(TensorShapeProto.Dim.newBuilder().setSize(3)))
            .addFloatVal(1)
            .build();
    PredictionLog log =
        PredictionLog.newBuilder()
            .setPredictLog(
                PredictLog.newBuilder()
                    .setRequest(
                        PredictRequest.newBuilder()
                            .setModelSpec(ModelSpec.newBuilder().setSignatureName(signature))
                            .putInputs(input, ByteString.copyFrom(ones.toByteArray()))))
            .build();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    TfRecord.write(out, log.toByteArray());
    return out.toByteArray();
  }

  @Test
  void aVersionThatFailsItsOwnRequestsIsNotServed() throws IOException {
    write(1);
    start(Map.of());
    byte[] bad = warmUp("serving_default", "wrong");
    for (byte[] records : List.of(bad, Arrays.copyOf(bad, bad.length - 1))) {
      Path file = write(2).resolve("assets.extra/tf_serving_warmup_requests");
      Files.createDirectories(file.getParent());
      Files.write(file, records);
      models.poll();
      assertEquals("2 END, 1 AVAILABLE", states());
    }
    assertTrue(
        log.get(1).contains("serving_default fails: input size does not match signature"),
        log.toString());
    assertTrue(log.get(2).contains("record 0 is cut short"), log.toString());
    Files.write(base.resolve("2/assets.extra/tf_serving_warmup_requests"), warmUp("", "x"));
    models.poll();
    assertEquals(2, factor(LATEST));
  }

  @Test
  void whatCannotBeServedAtAllIsRefused() throws IOException {
    assertTrue(messageOf(() -> start(Map.of())).startsWith("--model hand=" + base));
    Files.createDirectories(base.resolve("1"));
    Files.writeString(base.resolve("1/saved_model.pb"), "somebody else's");
    assertEquals(
        "--model hand: saved_model.pb is truncated or no SavedModel",
        messageOf(() -> start(Map.of())));
    HandMadeModel.write(base.resolve("1"), 1);
    assertEquals("hand", ModelPlace.parse("hand=" + base.resolve("1")).name());
    assertEquals(
        base.getFileName().toString(), ModelPlace.parse(base.resolve("1").toString()).name());
    start(Map.of());
    assertEquals(1, factor(version(1)));
  }
}
