package org.tfddpm.export;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;

/** A model of fewer signatures: nodes that none of them needs are gone, placeholders among them. */
final class Kept {
  private Kept() {}

  /** The signatures of these names, and the nodes behind them. */
  static MetaGraphDef of(MetaGraphDef meta, Predicate<String> wanted) {
    MetaGraphDef.Builder kept = meta.toBuilder().clearSignatureDef();
    Deque<String> open = new ArrayDeque<>();
    for (Map.Entry<String, SignatureDef> each : meta.getSignatureDefMap().entrySet()) {
      if (wanted.test(each.getKey())) {
        kept.putSignatureDef(each.getKey(), each.getValue());
        each.getValue().getInputsMap().values().forEach(input -> open.add(node(input)));
        each.getValue().getOutputsMap().values().forEach(output -> open.add(node(output)));
      }
    }
    Map<String, NodeDef> byName = new HashMap<>();
    meta.getGraphDef().getNodeList().forEach(node -> byName.put(node.getName(), node));
    Set<String> needed = new HashSet<>();
    while (!open.isEmpty()) {
      String name = open.remove();
      if (needed.add(name)) {
        Objects.requireNonNull(byName.get(name), name)
            .getInputList()
            .forEach(input -> open.add(node(input)));
      }
    }
    GraphDef.Builder graph = meta.getGraphDef().toBuilder().clearNode();
    meta.getGraphDef().getNodeList().stream()
        .filter(node -> needed.contains(node.getName()))
        .forEach(graph::addNode);
    return kept.setGraphDef(graph).build();
  }

  private static String node(TensorInfo tensor) {
    return node(tensor.getName());
  }

  /** The node of an input: "^name" waits for it, "name:1" is its second output. */
  private static String node(String input) {
    String name = input.startsWith("^") ? input.substring(1) : input;
    int colon = name.indexOf(':');
    return colon < 0 ? name : name.substring(0, colon);
  }
}
