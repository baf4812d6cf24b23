package org.tfddpm.serve.batch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.tensorflow.ndarray.Shape;
import org.tfddpm.serve.value.Failure;
import org.tfddpm.serve.value.Value;

/**
 * A request in a queue: what of it has been run, and what it gave. Changed by the queue's thread
 * alone.
 */
final class Work {
  private final Map<String, Value> inputs;
  private final Set<String> outputs;
  private final boolean alone;
  private final int rows;
  private final long arrived = System.nanoTime();
  private final long deadline;
  private final CompletableFuture<Map<String, Value>> answer = new CompletableFuture<>();
  private final List<Map<String, Value>> pieces = new ArrayList<>();
  private int taken;
  private int answered;

  /**
   * A request.
   *
   * @param alone not to be merged or cut; then it counts as one row
   * @param deadline by {@link System#nanoTime}
   */
  Work(Map<String, Value> inputs, Set<String> outputs, boolean alone, long deadline) {
    this.inputs = inputs;
    this.outputs = outputs;
    this.alone = alone;
    this.rows = alone ? 1 : (int) inputs.values().iterator().next().rows();
    this.deadline = deadline;
  }

  CompletableFuture<Map<String, Value>> answer() {
    return answer;
  }

  Map<String, Value> inputs() {
    return inputs;
  }

  Set<String> outputs() {
    return outputs;
  }

  boolean alone() {
    return alone;
  }

  long arrived() {
    return arrived;
  }

  long deadline() {
    return deadline;
  }

  /** Rows that no batch has taken. */
  int left() {
    return rows - taken;
  }

  /** Takes the next rows and gives the first of them. */
  int take(int count) {
    taken += count;
    return taken - count;
  }

  /** Whether rows of both fit into one tensor. */
  boolean mergesWith(Work other) {
    if (alone || other.alone) {
      return false;
    }
    Map<String, Shape> mine = rowShapes();
    return mine.equals(other.rowShapes());
  }

  private Map<String, Shape> rowShapes() {
    Map<String, Shape> shapes = new HashMap<>();
    inputs.forEach((name, value) -> shapes.put(name, value.row()));
    return shapes;
  }

  /** What some rows gave; pieces come in order. */
  void answered(Map<String, Value> piece, int count) {
    pieces.add(piece);
    answered += count;
    if (answered == rows) {
      Map<String, Value> whole = new HashMap<>();
      for (String name : outputs) {
        whole.put(name, Value.concat(pieces.stream().map(p -> p.get(name)).toList()));
      }
      answer.complete(whole);
    }
  }

  void failed(Failure failure) {
    answer.completeExceptionally(failure);
  }
}
