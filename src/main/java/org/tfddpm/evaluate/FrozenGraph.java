package org.tfddpm.evaluate;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GraphDef;

/** A GraphDef whose weights are constants: {@code FILE.pb}. */
final class FrozenGraph {
  private static final String SCOPE = "network";

  private FrozenGraph() {}

  /**
   * Its network: the output by its name, the input by its name or as the only image-shaped
   * placeholder.
   */
  static FeatureNetwork open(FeaturePlace place, ConfigProto config) {
    Graph graph = new Graph();
    try {
      graph.importGraphDef(named(GraphDef.parseFrom(Files.readAllBytes(place.path()))));
      Output<?> output = tensor(graph, place, place.output());
      Output<?> input =
          place.input() == null ? onlyInput(graph, place) : tensor(graph, place, place.input());
      if (!FeatureNetwork.canTakeImages(input)) {
        throw place.bad(
            "its input "
                + place.input()
                + " is "
                + input.dataType()
                + " "
                + input.shape()
                + ", allowed are float32 and uint8 [N,H,W,C]");
      }
      Session session = new Session(graph, config);
      return new FeatureNetwork(
          session,
          input,
          output,
          List.of(),
          () -> {
            session.close();
            graph.close();
          });
    } catch (InvalidProtocolBufferException e) {
      graph.close();
      throw place.bad("not a frozen graph (a GraphDef)", e);
    } catch (IOException e) {
      graph.close();
      throw place.bad("cannot be read", e);
    } catch (TensorFlowException | IllegalArgumentException e) {
      graph.close();
      throw place.bad("TensorFlow does not take it", e);
    } catch (RuntimeException e) {
      graph.close();
      throw e;
    }
  }

  private static Output<?> tensor(Graph graph, FeaturePlace place, String name) {
    Output<?> found = graph.output(SCOPE + "/" + name);
    if (found == null) {
      throw place.bad("the graph has no \"" + name + "\"");
    }
    return found;
  }

  private static String name(Output<?> tensor) {
    return tensor.op().name().substring(SCOPE.length() + 1);
  }

  /**
   * The graph with its operations in a scope: those whose names begin with Init would be taken for
   * initializers and run before there are images.
   */
  private static GraphDef named(GraphDef definition) {
    try (Graph graph = new Graph()) {
      graph.importGraphDef(definition, SCOPE);
      return graph.toGraphDef();
    }
  }

  private static Output<?> onlyInput(Graph graph, FeaturePlace place) {
    List<Output<?>> inputs = new ArrayList<>();
    for (Iterator<GraphOperation> ops = graph.operations(); ops.hasNext(); ) {
      GraphOperation op = ops.next();
      if (op.type().startsWith("Placeholder") && FeatureNetwork.canTakeImages(op.output(0))) {
        inputs.add(op.output(0));
      }
    }
    if (inputs.size() != 1) {
      throw place.bad(
          "the graph has "
              + (inputs.isEmpty() ? "no placeholder" : "several placeholders")
              + " for images"
              + (inputs.isEmpty()
                  ? ""
                  : ": " + String.join(", ", inputs.stream().map(FrozenGraph::name).toList()))
              + "; allowed is FILE:INPUT,OUTPUT");
    }
    return inputs.get(0);
  }
}
