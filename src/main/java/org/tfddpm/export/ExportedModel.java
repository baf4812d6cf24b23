package org.tfddpm.export;

import com.fasterxml.jackson.jr.ob.JSON;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;
import org.tensorflow.types.TFloat32;
import org.tfddpm.spec.BadInput;
import org.tfddpm.spec.GraphSpec;
import org.tfddpm.spec.Specs;

/** A model that {@code export} wrote, read back: its specification, signatures and weights. */
public final class ExportedModel implements AutoCloseable {
  static final String SPEC = "spec.textproto";
  static final String PROVENANCE = "provenance.json";

  private final Path folder;
  private final GraphSpec spec;
  private final long step;
  private final MetaGraphDef meta;
  private final Map<String, TFloat32> weights = new LinkedHashMap<>();

  private ExportedModel(Path folder, GraphSpec spec, long step, MetaGraphDef meta) {
    this.folder = folder;
    this.spec = spec;
    this.step = step;
    this.meta = meta;
  }

  /** Whether a folder holds a SavedModel, or versions of one. */
  public static boolean exists(Path folder) {
    return version(folder).isPresent();
  }

  /**
   * Opens a model.
   *
   * @param folder of a version, or of a model, whose newest version is meant
   * @throws BadInput if it is no SavedModel, or none that tfddpm wrote
   */
  public static ExportedModel open(Path folder) {
    Path version =
        version(folder)
            .orElseThrow(() -> new BadInput("--model " + folder + ": no SavedModel there"));
    Path specFile = version.resolve("assets.extra").resolve(SPEC);
    if (!Files.isRegularFile(specFile)) {
      throw new BadInput(
          "--model " + folder + ": not written by tfddpm export, it has no assets.extra/" + SPEC);
    }
    try {
      GraphSpec spec =
          Specs.parse(Files.readString(specFile), specFile.toString(), "model", List.of());
      Path provenance = specFile.resolveSibling(PROVENANCE);
      if (!(JSON.std.mapFrom(Files.readString(provenance)).get("step") instanceof Number step)) {
        throw new BadInput(provenance + ": tells no training step");
      }
      return new ExportedModel(version, spec, step.longValue(), SavedModels.read(version));
    } catch (IOException e) {
      throw new BadInput("--model " + folder + ": cannot be read", e);
    }
  }

  /** The folder of the version. */
  public Path folder() {
    return folder;
  }

  /** The specification it was trained by. */
  public GraphSpec spec() {
    return spec;
  }

  /** How many steps it was trained. */
  public long step() {
    return step;
  }

  /** The signatures by their keys. */
  public Map<String, SignatureDef> signatures() {
    return meta.getSignatureDefMap();
  }

  /** The oldest TensorFlow that loads it. */
  public String runtimes() {
    boolean png =
        meta.getGraphDef().getNodeList().stream().anyMatch(n -> n.getOp().equals("EncodePng"));
    return png ? "TensorFlow 2.16 or newer" : "TensorFlow 1.15 or newer";
  }

  /** The weights by dotted path; they live until this is closed. */
  public Map<String, TFloat32> weights() {
    if (weights.isEmpty()) {
      read(meta.getGraphDef().getNodeList());
      for (FunctionDef function : meta.getGraphDef().getLibrary().getFunctionList()) {
        read(function.getNodeDefList());
      }
    }
    return weights;
  }

  @Override
  public void close() {
    weights.values().forEach(TFloat32::close);
  }

  /** Every float constant: the weights among them are named by their paths. */
  private void read(List<NodeDef> nodes) {
    for (NodeDef node : nodes) {
      TensorProto value = node.getAttrOrDefault("value", EMPTY).getTensor();
      if (node.getOp().equals("Const") && value.getDtype() == DataType.DT_FLOAT) {
        weights.computeIfAbsent(node.getName(), name -> tensor(value));
      }
    }
  }

  private static final org.tensorflow.proto.AttrValue EMPTY =
      org.tensorflow.proto.AttrValue.getDefaultInstance();

  private static TFloat32 tensor(TensorProto proto) {
    Shape shape =
        Shape.of(
            proto.getTensorShape().getDimList().stream()
                .mapToLong(TensorShapeProto.Dim::getSize)
                .toArray());
    float[] values = new float[(int) shape.size()];
    ByteString content = proto.getTensorContent();
    if (!content.isEmpty()) {
      FloatBuffer floats =
          content.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
      floats.get(values);
    } else {
      // The last value stands for all that follow.
      for (int i = 0; i < values.length && proto.getFloatValCount() > 0; i++) {
        values[i] = proto.getFloatVal(Math.min(i, proto.getFloatValCount() - 1));
      }
    }
    return TFloat32.tensorOf(shape, DataBuffers.of(values, true, false));
  }

  private static Optional<Path> version(Path folder) {
    if (Files.isRegularFile(folder.resolve(SavedModels.FILE))) {
      return Optional.of(folder);
    }
    return Versions.of(folder).stream()
        .max(Comparator.naturalOrder())
        .map(version -> folder.resolve(Long.toString(version)))
        .filter(path -> Files.isRegularFile(path.resolve(SavedModels.FILE)));
  }
}
