package org.tfddpm.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.tfddpm.testing.BadInputs.messageOf;

import com.fasterxml.jackson.jr.ob.JSON;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.types.TInt32;
import org.tfddpm.data.Source;
import org.tfddpm.model.Model;
import org.tfddpm.nn.Precision;
import org.tfddpm.run.Checkpoints.Checkpoint;
import org.tfddpm.run.StoredWeights;
import org.tfddpm.serving.PredictRequest;
import org.tfddpm.serving.PredictionLog;
import org.tfddpm.spec.GraphSpec;
import org.tfddpm.testing.Floats;
import org.tfddpm.testing.TestRuns;
import org.tfddpm.testing.Trees;

/** What export writes, as files. What its signatures give is ExportedSignaturesTest's. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExporterTest {
  private static final GraphSpec SPEC =
      TestRuns.fastLearning("diffusion.steps=60", "unet.attention_resolutions=4");

  /** What converters and other runtimes take in a core model. */
  private static final Set<String> PORTABLE =
      Set.of(
          "Add",
          "AddV2",
          "BatchMatMulV2",
          "BiasAdd",
          "Cast",
          "ConcatV2",
          "Const",
          "Conv2D",
          "Cos",
          "Floor",
          "GatherV2",
          "Identity",
          "Log",
          "MatMul",
          "Maximum",
          "Mean",
          "Minimum",
          "Mul",
          "Neg",
          "NotEqual",
          "Pad",
          "PadV2",
          "Placeholder",
          "RealDiv",
          "Reshape",
          "ResizeNearestNeighbor",
          "Rsqrt",
          "Select",
          "SelectV2",
          "Shape",
          "Sigmoid",
          "Sin",
          "Slice",
          "Softmax",
          "Sqrt",
          "Square",
          "StridedSlice",
          "Sub",
          "Sum",
          "Tile",
          "Transpose",
          "Less",
          "GreaterEqual",
          "Greater",
          "Div",
          "Exp",
          "Pack",
          "Range",
          "Round");

  /** What the loop needs beyond that. */
  private static final Set<String> LOOP = Set.of("StatelessWhile", "EncodePng");

  private Path folder;
  private Checkpoint checkpoint;
  private List<Path> models;

  @BeforeAll
  void train(@TempDir Path folder) throws IOException {
    this.folder = folder;
    checkpoint = TestRuns.train(folder.resolve("run"), SPEC).checkpoints().latest(warning -> {});
    models = export("models", OptionalLong.empty());
  }

  private List<Path> export(String out, OptionalLong version) throws IOException {
    return new Exporter(
            checkpoint, ExportOptions.of(folder.resolve(out), "tiny", "1").withVersion(version))
        .export();
  }

  @Test
  void writesTwoModelsAndNothingElse() throws IOException {
    Path out = folder.resolve("models");
    assertEquals(List.of(out.resolve("tiny/1"), out.resolve("tiny_sampler/1")), models);
    String files =
        " N/ N/assets.extra/ N/assets.extra/provenance.json N/assets.extra/schedule.json"
            + " N/assets.extra/spec.textproto N/assets.extra/tf_serving_warmup_requests"
            + " N/batching_params.pbtxt N/saved_model.pb";
    assertEquals(
        "tiny/"
            + files.replace("N/", "tiny/1/")
            + " tiny_sampler/"
            + files.replace("N/", "tiny_sampler/1/"),
        Trees.of(out));
  }

  @Test
  void theSameModelIsTheSameBytes() throws IOException {
    List<Path> second = export("same", OptionalLong.empty());
    for (int i = 0; i < models.size(); i++) {
      for (Path file : Trees.files(models.get(i))) {
        assertArrayEquals(
            Files.readAllBytes(models.get(i).resolve(file)),
            Files.readAllBytes(second.get(i).resolve(file)),
            file.toString());
      }
    }
  }

  @Test
  void tellsWhereItComesFrom() throws IOException {
    Map<String, Object> facts = provenance(models.get(0));
    assertEquals("1", facts.get("tfddpm"));
    assertEquals(12, facts.get("step"));
    assertEquals("bundled:digits", facts.get("data"));
    assertEquals("float32", facts.get("precision"));
    assertEquals(Source.open("bundled:digits").fingerprint(), facts.get("data_fingerprint"));
    assertFalse(facts.containsKey("date"));
    Instant when = Instant.parse("2030-01-02T03:04:05Z");
    List<Path> dated =
        new Exporter(checkpoint, ExportOptions.of(folder.resolve("dated"), "tiny", "1").at(when))
            .export();
    assertEquals("2030-01-02T03:04:05Z", provenance(dated.get(1)).get("date"));
  }

  private static Map<String, Object> provenance(Path model) throws IOException {
    return JSON.std.mapFrom(Files.readString(model.resolve("assets.extra/provenance.json")));
  }

  /** What is left loads, and what nobody asked for is gone with all that belongs to it. */
  @Test
  void keepsTheSignaturesThatAreAskedFor() throws IOException {
    ExportOptions options =
        ExportOptions.of(folder.resolve("some"), "tiny", "1")
            .with(List.of("ddim_step", "sample_20_fast_png"), List.of(20));
    List<Path> some = new Exporter(checkpoint, options).export();
    MetaGraphDef core = SavedModels.read(some.get(0));
    assertEquals(Set.of("serving_default", "ddim_step"), core.getSignatureDefMap().keySet());
    assertEquals(Set.of("t", "t_prev", "x"), placeholders(core));
    assertEquals(
        Set.of("sample_20_fast_png"), SavedModels.read(some.get(1)).getSignatureDefMap().keySet());
    assertEquals(Set.of("seed"), placeholders(SavedModels.read(some.get(1))));
    try (SavedModelBundle model = SavedModelBundle.load(some.get(1).toString(), "serve");
        Result png = Calls.run(model, "sample_20_fast_png", Map.of("seed", new int[] {1}))) {
      assertEquals(1, png.size());
    }

    List<Path> one =
        new Exporter(
                checkpoint,
                ExportOptions.of(folder.resolve("one"), "tiny", "1")
                    .with(List.of("eps"), List.of()))
            .export();
    assertEquals(1, one.size());
    assertFalse(Files.exists(folder.resolve("one/tiny_sampler")));

    ExportOptions misspelt =
        ExportOptions.of(folder.resolve("none"), "tiny", "1")
            .with(List.of("ddim_stepp"), List.of());
    assertEquals(
        "--signatures ddim_stepp: this model has no such signature; did you mean \"ddim_step\"?",
        messageOf(() -> new Exporter(checkpoint, misspelt).export()));
    assertFalse(Files.exists(folder.resolve("none/tiny")));
  }

  private static Set<String> placeholders(MetaGraphDef meta) {
    return meta.getGraphDef().getNodeList().stream()
        .filter(node -> node.getOp().equals("Placeholder"))
        .map(NodeDef::getName)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Every request is one that its signature answers with as many rows. */
  @Test
  void warmUpRequestsAreAnswered() throws IOException {
    ExportOptions options =
        ExportOptions.of(folder.resolve("warm"), "tiny", "1").withBatchSizes(List.of(1, 3));
    for (Path path : new Exporter(checkpoint, options).export()) {
      assertEquals(
          """
          max_batch_size { value: 3 }
          batch_timeout_micros { value: 2000 }
          max_enqueued_batches { value: 100 }
          allowed_batch_sizes: 1
          allowed_batch_sizes: 3
          """,
          Files.readString(path.resolve("batching_params.pbtxt")));
      Set<String> warmed = new TreeSet<>();
      try (SavedModelBundle model = SavedModelBundle.load(path.toString(), "serve")) {
        for (PredictRequest request : warmUp(path)) {
          Map<String, Tensor> inputs = new HashMap<>();
          for (Map.Entry<String, ByteString> input : request.getInputsMap().entrySet()) {
            inputs.put(input.getKey(), zeros(TensorProto.parseFrom(input.getValue())));
          }
          long rows = inputs.values().iterator().next().shape().get(0);
          String signature = request.getModelSpec().getSignatureName();
          try (Result result = model.function(signature).call(inputs)) {
            assertEquals(rows, result.get(0).shape().get(0));
          }
          inputs.values().forEach(Tensor::close);
          assertTrue(path.toString().contains("/" + request.getModelSpec().getName() + "/"));
          warmed.add(signature + " " + rows);
        }
        Set<String> all = new TreeSet<>();
        for (int rows : new int[] {1, 3}) {
          model.signatures().forEach(signature -> all.add(signature.key() + " " + rows));
        }
        assertEquals(all, warmed);
      }
    }
  }

  private static List<PredictRequest> warmUp(Path model) throws IOException {
    ByteBuffer file =
        ByteBuffer.wrap(
                Files.readAllBytes(model.resolve("assets.extra/tf_serving_warmup_requests")))
            .order(ByteOrder.LITTLE_ENDIAN);
    List<PredictRequest> requests = new ArrayList<>();
    while (file.hasRemaining()) {
      byte[] record = new byte[(int) file.getLong()];
      file.getInt();
      file.get(record);
      file.getInt();
      requests.add(PredictionLog.parseFrom(record).getPredictLog().getRequest());
    }
    return requests;
  }

  private static Tensor zeros(TensorProto proto) {
    Shape shape =
        Shape.of(
            proto.getTensorShape().getDimList().stream().mapToLong(d -> d.getSize()).toArray());
    return proto.getDtype() == DataType.DT_FLOAT
        ? Floats.tensor(new float[(int) shape.size()], shape.asArray())
        : TInt32.vectorOf(new int[(int) shape.size()]);
  }

  /** Convolutions in bfloat16 are near those in float32, but not the same. */
  @Test
  void calculatesInBfloat16() throws IOException {
    List<Path> rounded =
        new Exporter(
                checkpoint,
                ExportOptions.of(folder.resolve("rounded"), "tiny", "1").with(Precision.BFLOAT16))
            .export();
    assertEquals("bfloat16", provenance(rounded.get(0)).get("precision"));
    float[] x = new float[2 * 64];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) Math.sin(i * i);
    }
    Map<String, Object> inputs = Map.of("x", x, "t", new int[] {50, 3});
    try (SavedModelBundle exact = SavedModelBundle.load(models.get(0).toString(), "serve");
        SavedModelBundle near = SavedModelBundle.load(rounded.get(0).toString(), "serve");
        Result expected = Calls.run(exact, "eps", inputs);
        Result given = Calls.run(near, "eps", inputs)) {
      double off = Floats.largestDifference(Floats.of(expected.get(0)), Floats.of(given.get(0)));
      assertTrue(off > 1e-5 && off < 0.05, "off by " + off);
    }
  }

  @Test
  void versionsCountUpAndAreNeverOverwritten() throws IOException {
    assertEquals("3", name(export("versions", OptionalLong.of(3))));
    assertEquals("4", name(export("versions", OptionalLong.empty())));
    byte[] before = Files.readAllBytes(folder.resolve("versions/tiny/3/saved_model.pb"));
    assertEquals(
        "--version 3: " + folder.resolve("versions/tiny/3") + " is there already",
        messageOf(() -> export("versions", OptionalLong.of(3))));
    assertArrayEquals(before, Files.readAllBytes(folder.resolve("versions/tiny/3/saved_model.pb")));
    // A version that only one of the two has counts too.
    Files.createDirectories(folder.resolve("versions/tiny_sampler/9"));
    assertEquals("10", name(export("versions", OptionalLong.empty())));
    // The newest by number, not by letter, is meant by the folder of versions.
    try (ExportedModel model = ExportedModel.open(folder.resolve("versions/tiny"))) {
      assertEquals(folder.resolve("versions/tiny/10"), model.folder());
    }
  }

  /** What a killed export left is no version, and in nobody's way. */
  @Test
  void leftoversOfAKilledExportAreReplaced() throws IOException {
    Path left = Files.createDirectories(folder.resolve("killed/tiny/.writing-1"));
    Files.writeString(left.resolve("saved_model.pb"), "half");
    assertEquals("1", name(export("killed", OptionalLong.empty())));
    assertFalse(Files.exists(left));
  }

  @Test
  void weightsOfAnotherTrainingAreNoticed() throws IOException {
    GraphSpec.Builder other = SPEC.toBuilder();
    other.getTrainingBuilder().setSeed(1);
    Checkpoint differs =
        TestRuns.train(folder.resolve("other"), other.build()).checkpoints().latest(warning -> {});
    try (ExportCheck check = new ExportCheck(Model.of(SPEC), differs, Precision.FLOAT32)) {
      assertNoticed("eps", () -> check.core(models.get(0)));
      assertNoticed("sample_10", () -> check.sampler(models.get(1), 10));
    }
  }

  private static void assertNoticed(String signature, Executable check) {
    var error = assertThrows(IllegalStateException.class, check);
    String message = String.valueOf(error.getMessage());
    assertTrue(message.startsWith("the exported " + signature + " differs"), message);
  }

  @Test
  void holdsNothingThatAServerCouldNotLoad() throws IOException {
    MetaGraphDef core = SavedModels.read(models.get(0));
    MetaGraphDef sampler = SavedModels.read(models.get(1));
    assertEquals(List.of("serve"), core.getMetaInfoDef().getTagsList());
    for (MetaGraphDef meta : List.of(core, sampler)) {
      assertFalse(meta.hasSaverDef());
      assertEquals(0, meta.getCollectionDefCount());
      for (NodeDef node : nodes(meta)) {
        assertEquals("", node.getDevice(), node.getName());
      }
    }
    assertEquals(Set.of(), beyond(operations(core), PORTABLE));
    assertEquals(0, core.getGraphDef().getLibrary().getFunctionCount());
    assertEquals(LOOP, beyond(operations(sampler), PORTABLE));
    // The weights once, though there are loops of several lengths.
    assertEquals(2, sampler.getGraphDef().getLibrary().getFunctionCount());
    long coreBytes = Files.size(models.get(0).resolve("saved_model.pb"));
    long samplerBytes = Files.size(models.get(1).resolve("saved_model.pb"));
    assertTrue(samplerBytes < coreBytes + 400_000, samplerBytes + " against " + coreBytes);
  }

  @Test
  void onlySignatureInputsArePlaceholders() throws IOException {
    for (Path path : models) {
      MetaGraphDef meta = SavedModels.read(path);
      Set<String> inputs = new TreeSet<>();
      for (SignatureDef signature : meta.getSignatureDefMap().values()) {
        assertEquals("tensorflow/serving/predict", signature.getMethodName());
        for (Map.Entry<String, TensorInfo> input : signature.getInputsMap().entrySet()) {
          assertEquals(input.getKey() + ":0", input.getValue().getName());
          assertEquals(-1, input.getValue().getTensorShape().getDim(0).getSize());
          inputs.add(input.getKey());
        }
        for (TensorInfo output : signature.getOutputsMap().values()) {
          assertEquals(-1, output.getTensorShape().getDim(0).getSize());
        }
      }
      assertEquals(inputs, placeholders(meta));
    }
  }

  @Test
  void isReadBackWithItsSpecificationAndWeights() throws IOException {
    for (Path path : models) {
      try (ExportedModel model = ExportedModel.open(path);
          StoredWeights averaged = StoredWeights.read(checkpoint, StoredWeights.Kind.AVERAGED)) {
        assertEquals(SPEC, model.spec());
        assertEquals(12, model.step());
        averaged
            .byPath()
            .forEach(
                (name, value) ->
                    assertArrayEquals(
                        Floats.of(value),
                        Floats.of(Objects.requireNonNull(model.weights().get(name))),
                        name));
      }
    }
  }

  private static String name(List<Path> models) {
    assertEquals(models.get(0).getFileName(), models.get(1).getFileName());
    return models.get(0).getFileName().toString();
  }

  private static List<NodeDef> nodes(MetaGraphDef meta) {
    List<NodeDef> nodes = new ArrayList<>(meta.getGraphDef().getNodeList());
    for (FunctionDef function : meta.getGraphDef().getLibrary().getFunctionList()) {
      nodes.addAll(function.getNodeDefList());
    }
    return nodes;
  }

  private static Set<String> operations(MetaGraphDef meta) {
    return nodes(meta).stream().map(NodeDef::getOp).collect(Collectors.toSet());
  }

  private static Set<String> beyond(Set<String> operations, Set<String> allowed) {
    Set<String> beyond = new TreeSet<>(operations);
    beyond.removeAll(allowed);
    return beyond;
  }
}
