package org.tfddpm.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.tfddpm.testing.BadInputs.messageOf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tfddpm.model.Model;
import org.tfddpm.run.Checkpoints.Checkpoint;
import org.tfddpm.run.StoredWeights;
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
    return new Exporter(checkpoint, folder.resolve(out), "tiny", version, "1").export();
  }

  @Test
  void writesTwoModelsAndNothingElse() throws IOException {
    Path out = folder.resolve("models");
    assertEquals(List.of(out.resolve("tiny/1"), out.resolve("tiny_sampler/1")), models);
    String files =
        " N/ N/assets.extra/ N/assets.extra/provenance.json N/assets.extra/schedule.json"
            + " N/assets.extra/spec.textproto N/saved_model.pb";
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
      assertArrayEquals(
          Files.readAllBytes(models.get(i).resolve("saved_model.pb")),
          Files.readAllBytes(second.get(i).resolve("saved_model.pb")));
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
    try (ExportCheck check = new ExportCheck(Model.of(SPEC), differs)) {
      assertNoticed("eps", () -> check.core(models.get(0)));
      assertNoticed("sample_10", () -> check.sampler(models.get(1)));
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
      Set<String> placeholders =
          meta.getGraphDef().getNodeList().stream()
              .filter(node -> node.getOp().equals("Placeholder"))
              .map(NodeDef::getName)
              .collect(Collectors.toCollection(TreeSet::new));
      assertEquals(inputs, placeholders);
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
