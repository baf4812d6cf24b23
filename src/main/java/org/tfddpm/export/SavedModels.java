package org.tfddpm.export;

import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.TensorFlow;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.FunctionDefLibrary;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SavedModel;

/**
 * saved_model.pb of a SavedModel.
 *
 * <p>TensorFlow Java's exporter adds a saver and an empty variables/, at which saved_model_cli run
 * fails; a frozen graph needs neither.
 */
public final class SavedModels {
  /** The tag under which every loader looks for a graph to serve. */
  public static final String TAG = "serve";

  /** The file with the graph and the signatures. */
  public static final String FILE = "saved_model.pb";

  private SavedModels() {}

  /** A graph with its signatures. */
  static MetaGraphDef of(Graph graph, List<ServingSignature> signatures) {
    MetaGraphDef.Builder meta = MetaGraphDef.newBuilder().setGraphDef(inOrder(graph.toGraphDef()));
    meta.getMetaInfoDefBuilder().addTags(TAG).setTensorflowVersion(TensorFlow.version());
    for (ServingSignature signature : signatures) {
      meta.putSignatureDef(signature.key(), signature.definition());
    }
    return meta.build();
  }

  /** Writes a model into a folder, in place of one that may be there. */
  static void write(Path folder, MetaGraphDef meta) throws IOException {
    SavedModel model =
        SavedModel.newBuilder().setSavedModelSchemaVersion(1).addMetaGraphs(meta).build();
    try (OutputStream file = Files.newOutputStream(folder.resolve(FILE))) {
      CodedOutputStream out = CodedOutputStream.newInstance(file);
      // Maps in the order of their keys: the same model gives the same bytes.
      out.useDeterministicSerialization();
      model.writeTo(out);
      out.flush();
    }
  }

  /**
   * The nodes of functions by their names: TensorFlow gives them in an order that changes from
   * process to process.
   */
  private static GraphDef inOrder(GraphDef graph) {
    FunctionDefLibrary.Builder library = FunctionDefLibrary.newBuilder();
    for (FunctionDef function : graph.getLibrary().getFunctionList()) {
      library.addFunction(
          function.toBuilder()
              .clearNodeDef()
              .addAllNodeDef(
                  function.getNodeDefList().stream()
                      .sorted(Comparator.comparing(NodeDef::getName))
                      .toList()));
    }
    return graph.toBuilder().setLibrary(library).build();
  }

  /** Reads the graph and the signatures of a model's folder. */
  public static MetaGraphDef read(Path folder) throws IOException {
    try (InputStream in = Files.newInputStream(folder.resolve(FILE))) {
      return SavedModel.parseFrom(in).getMetaGraphs(0);
    }
  }
}
