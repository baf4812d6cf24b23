package org.tfddpm.run;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TString;
import org.tfddpm.run.Checkpoints.Checkpoint;

/** The weights of a checkpoint or of a session, by dotted path. */
public final class StoredWeights implements AutoCloseable {
  private final Result result;
  private final Map<String, TFloat32> byPath;

  private StoredWeights(Result result, Map<String, TFloat32> byPath) {
    this.result = result;
    this.byPath = byPath;
  }

  /** Which of the weights of a checkpoint. */
  public enum Kind {
    /** Their exponential moving average. */
    AVERAGED,
    /** As the optimizer left them. */
    LIVE
  }

  /** Reads them from a checkpoint. */
  public static StoredWeights read(Checkpoint checkpoint, Kind kind) {
    String folder = kind.name().toLowerCase(Locale.ROOT) + "/";
    List<String> names =
        checkpoint.info().getTensorsList().stream()
            .map(CheckpointInfo.StoredTensor::getName)
            .filter(name -> name.startsWith(folder))
            .toList();
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Operand<TString> slices = tf.array(names.stream().map(n -> "").toArray(String[]::new));
      List<Output<?>> values =
          tf.train
              .restore(
                  tf.constant(checkpoint.prefix()),
                  tf.array(names.toArray(String[]::new)),
                  slices,
                  Collections.nCopies(names.size(), TFloat32.class))
              .tensors();
      try (Session session = new Session(graph)) {
        List<String> paths = names.stream().map(name -> name.substring(folder.length())).toList();
        return fetch(session, paths, values);
      }
    }
  }

  /** Fetches them from a session. */
  public static StoredWeights fetch(
      Session session, List<String> paths, List<? extends Operand<?>> values) {
    Session.Runner runner = session.runner();
    values.forEach(runner::fetch);
    Result result = runner.run();
    Map<String, TFloat32> byPath = new LinkedHashMap<>();
    for (int i = 0; i < paths.size(); i++) {
      byPath.put(paths.get(i), (TFloat32) result.get(i));
    }
    return new StoredWeights(result, byPath);
  }

  /** The tensors; they live until this is closed. */
  public Map<String, TFloat32> byPath() {
    return byPath;
  }

  @Override
  public void close() {
    result.close();
  }
}
