package org.tfddpm.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import org.tensorflow.types.TFloat32;
import org.tfddpm.run.Checkpoints;
import org.tfddpm.run.Checkpoints.Checkpoint;
import org.tfddpm.run.RunDirectory;
import org.tfddpm.run.StoredWeights;
import org.tfddpm.spec.BadInput;
import org.tfddpm.spec.GraphSpec;

/** A trained model as flags name it: a checkpoint of a run, or an exported model. */
record TrainedModel(GraphSpec spec, StoredWeights stored) implements AutoCloseable {
  /**
   * Opens what --run or --model name.
   *
   * @param warn is told of broken checkpoints that are passed over
   * @throws BadInput if neither or both are given, or they name nothing usable
   */
  static TrainedModel open(Flags flags, Consumer<String> warn) throws IOException {
    Path folder =
        flags
            .path("run")
            .orElseThrow(
                () ->
                    new BadInput(
                        "--run or --model is needed: a run directory or an exported model"));
    Checkpoints checkpoints = RunDirectory.open(folder).checkpoints();
    Checkpoint checkpoint =
        flags.has("checkpoint")
            ? checkpoints.open(flags.integer("checkpoint", 0, Long.MAX_VALUE).orElseThrow())
            : checkpoints.latest(warn);
    StoredWeights.Kind kind =
        flags.choice("weights", StoredWeights.Kind.class).orElse(StoredWeights.Kind.AVERAGED);
    return new TrainedModel(checkpoint.info().getSpec(), StoredWeights.read(checkpoint, kind));
  }

  /** By dotted path; they live until this is closed. */
  Map<String, TFloat32> weights() {
    return stored.byPath();
  }

  @Override
  public void close() {
    stored.close();
  }
}
