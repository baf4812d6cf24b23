package org.tfddpm.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.tensorflow.types.TFloat32;
import org.tfddpm.export.ExportedModel;
import org.tfddpm.model.Model;
import org.tfddpm.run.Calibration;
import org.tfddpm.run.Calibrations;
import org.tfddpm.run.Checkpoints;
import org.tfddpm.run.Checkpoints.Checkpoint;
import org.tfddpm.run.RunDirectory;
import org.tfddpm.run.StoredWeights;
import org.tfddpm.spec.BadInput;
import org.tfddpm.spec.GraphSpec;

/**
 * A trained model as flags name it: a checkpoint of a run, or an exported model.
 *
 * @param step how far it was trained
 * @param weights by dotted path; they live until this is closed
 * @param calibration of the checkpoint, if it has one
 * @param classifier what --classifier names beside it; null for none
 * @param owner what to close
 */
record TrainedModel(
    GraphSpec spec,
    long step,
    Map<String, TFloat32> weights,
    Optional<Calibration> calibration,
    @Nullable TrainedModel classifier,
    AutoCloseable owner)
    implements AutoCloseable {
  /**
   * Opens what --run or --model name, and what --classifier does.
   *
   * @param warn is told of broken checkpoints that are passed over
   * @throws BadInput if neither or both are given, or they name nothing usable
   */
  static TrainedModel open(Flags flags, Consumer<String> warn) throws IOException {
    if (flags.has("run") == flags.has("model")) {
      throw new BadInput("one of --run DIR and --model DIR is needed");
    }
    TrainedModel opened =
        flags.has("run")
            ? ofRun(checkpoint(flags, warn), kind(flags))
            : ofModel(flags.path("model").orElseThrow(), flags);
    try {
      String flag = flags.has("run") ? "run" : "model";
      refuseClassifier("--" + flag + " " + flags.text(flag).orElseThrow(), opened.spec);
      Optional<Path> classifier = flags.path("classifier");
      return classifier.isPresent() ? opened.with(classifier(classifier.get(), warn)) : opened;
    } catch (BadInput e) {
      opened.close();
      throw e;
    }
  }

  /**
   * Opens a run, of which the latest checkpoint is meant, or an exported model.
   *
   * @throws BadInput if the path is neither, or a classifier
   */
  static TrainedModel at(Path path, Flags flags, Consumer<String> warn) throws IOException {
    if (RunDirectory.exists(path)) {
      refuseClassifier(path.toString(), RunDirectory.open(path).spec());
      return ofRun(RunDirectory.open(path).checkpoints().latest(warn), kind(flags));
    }
    if (ExportedModel.exists(path)) {
      return ofModel(path, flags);
    }
    throw new BadInput(path + ": neither a run directory nor an exported model");
  }

  /**
   * Refuses what makes no pictures.
   *
   * @param named as it was named
   */
  static void refuseClassifier(String named, GraphSpec spec) {
    if (Model.of(spec).isClassifier()) {
      throw new BadInput(
          named
              + ": a classifier of noisy images, which makes no pictures; allowed is a run of another"
              + " graph, which sample --classifier guides by this one");
    }
  }

  /** The latest averages of the run of a classifier. */
  private static TrainedModel classifier(Path path, Consumer<String> warn) throws IOException {
    if (!RunDirectory.exists(path)) {
      throw new BadInput("--classifier " + path + ": no run directory, it has no spec.textproto");
    }
    return ofRun(RunDirectory.open(path).checkpoints().latest(warn), StoredWeights.Kind.AVERAGED);
  }

  private TrainedModel with(TrainedModel other) {
    return new TrainedModel(spec, step, weights, calibration, other, owner);
  }

  /** The checkpoint that --run and --checkpoint name. */
  static Checkpoint checkpoint(Flags flags, Consumer<String> warn) throws IOException {
    Path folder =
        flags.path("run").orElseThrow(() -> new BadInput("--run DIR is needed: a run directory"));
    Checkpoints checkpoints = RunDirectory.open(folder).checkpoints();
    return flags.has("checkpoint")
        ? checkpoints.open(flags.integer("checkpoint", 0, Long.MAX_VALUE).orElseThrow())
        : checkpoints.latest(warn);
  }

  private static StoredWeights.Kind kind(Flags flags) {
    return flags.choice("weights", StoredWeights.Kind.class).orElse(StoredWeights.Kind.AVERAGED);
  }

  private static TrainedModel ofRun(Checkpoint checkpoint, StoredWeights.Kind kind)
      throws IOException {
    StoredWeights stored = StoredWeights.read(checkpoint, kind);
    return new TrainedModel(
        checkpoint.info().getSpec(),
        checkpoint.step(),
        stored.byPath(),
        Calibrations.of(checkpoint),
        null,
        stored);
  }

  private static TrainedModel ofModel(Path path, Flags flags) {
    for (String flag : new String[] {"checkpoint", "weights"}) {
      if (flags.has(flag)) {
        throw new BadInput(
            "--" + flag + ": an exported model has one set of weights; allowed with --run");
      }
    }
    ExportedModel model = ExportedModel.open(path);
    return new TrainedModel(
        model.spec(), model.step(), model.weights(), Optional.empty(), null, model);
  }

  @Override
  public void close() {
    if (classifier != null) {
      classifier.close();
    }
    try {
      owner.close();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
