package org.tfddpm.serve.batch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.tfddpm.serve.value.Code;
import org.tfddpm.serve.value.Failure;
import org.tfddpm.serve.value.Value;

/** Rows of several requests that are run together. */
final class Batch {
  /** Rows from ... from + count - 1 of a request. */
  private record Piece(Work work, int from, int count) {
    Value of(Value value) {
      return work.alone() ? value : value.slice(from, from + count);
    }
  }

  private final Map<Work, Piece> pieces = new LinkedHashMap<>();
  private int rows;

  int rows() {
    return rows;
  }

  boolean isEmpty() {
    return pieces.isEmpty();
  }

  /** Whether rows of a request fit beside those that are here. */
  boolean takes(Work work) {
    return pieces.isEmpty() || pieces.keySet().iterator().next().mergesWith(work);
  }

  void add(Work work, int count) {
    int from = work.take(count);
    pieces.merge(
        work,
        new Piece(work, from, count),
        (before, more) -> new Piece(work, before.from(), before.count() + more.count()));
    rows += count;
  }

  /** Runs all together; where that fails, each alone, so that none suffers from another. */
  void run(Runner runner, Batching batching) {
    List<Piece> waiting = new ArrayList<>(pieces.values());
    waiting.removeIf(piece -> piece.work().answer().isDone());
    try {
      runTogether(waiting, runner, batching);
    } catch (RuntimeException | Error e) {
      if (waiting.size() == 1) {
        waiting.get(0).work().failed(Failure.of(e));
        return;
      }
      for (Piece piece : waiting) {
        try {
          runTogether(List.of(piece), runner, batching);
        } catch (RuntimeException | Error own) {
          piece.work().failed(Failure.of(own));
        }
      }
    }
  }

  private static void runTogether(List<Piece> pieces, Runner runner, Batching batching) {
    if (pieces.isEmpty()) {
      return;
    }
    Set<String> outputs = new TreeSet<>();
    long deadline = pieces.get(0).work().deadline();
    for (Piece piece : pieces) {
      outputs.addAll(piece.work().outputs());
      // Differences, since nanoTime may overflow.
      deadline += Math.max(0, piece.work().deadline() - deadline);
    }
    Map<String, Value> inputs = merged(pieces, batching);
    Map<String, Value> given = runner.run(inputs, outputs, deadline);
    if (!pieces.get(0).work().alone()) {
      check(given, inputs.values().iterator().next().rows());
    }
    List<Map<String, Value>> cuts = new ArrayList<>();
    int from = 0;
    for (Piece piece : pieces) {
      cuts.add(cut(given, piece, from));
      from += piece.count();
    }
    for (int i = 0; i < cuts.size(); i++) {
      pieces.get(i).work().answered(cuts.get(i), pieces.get(i).count());
    }
  }

  private static Map<String, Value> merged(List<Piece> pieces, Batching batching) {
    Piece first = pieces.get(0);
    if (first.work().alone()) {
      return first.work().inputs();
    }
    int rows = pieces.stream().mapToInt(Piece::count).sum();
    int padding = batching.padded(rows) - rows;
    Piece last = pieces.get(pieces.size() - 1);
    Map<String, Value> inputs = new HashMap<>();
    for (String name : first.work().inputs().keySet()) {
      List<Value> parts = new ArrayList<>();
      pieces.forEach(piece -> parts.add(piece.of(input(piece, name))));
      for (int i = 0; i < padding; i++) {
        parts.add(input(last, name).slice(last.from(), last.from() + 1));
      }
      inputs.put(name, Value.concat(parts));
    }
    return inputs;
  }

  private static Value input(Piece piece, String name) {
    Value value = piece.work().inputs().get(name);
    if (value == null) {
      throw new IllegalStateException("no input " + name);
    }
    return value;
  }

  /** Outputs that do not have a row for each of the inputs cannot be cut. */
  private static void check(Map<String, Value> given, long rows) {
    given.forEach(
        (name, value) -> {
          if (value.shape().numDimensions() == 0) {
            throw new Failure(
                Code.FAILED_PRECONDITION, "Batched output tensor has 0 dimensions: " + name);
          }
          if (value.rows() != rows) {
            throw new Failure(
                Code.FAILED_PRECONDITION,
                "Batched output tensor's 0th dimension does not equal the sum of the 0th dimension"
                    + " sizes of the input tensors: "
                    + name);
          }
        });
  }

  /** The rows of a request among those of a batch. */
  private static Map<String, Value> cut(Map<String, Value> given, Piece piece, int from) {
    if (piece.work().alone()) {
      return given;
    }
    Map<String, Value> rows = new HashMap<>();
    for (String name : piece.work().outputs()) {
      Value value = given.get(name);
      if (value != null) {
        rows.put(name, value.slice(from, from + piece.count()));
      }
    }
    return rows;
  }
}
