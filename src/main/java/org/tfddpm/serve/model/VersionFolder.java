package org.tfddpm.serve.model;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.TextFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.tensorflow.proto.MetaGraphDef;
import org.tfddpm.export.SavedModels;
import org.tfddpm.serve.batch.Batching;
import org.tfddpm.serve.value.Code;
import org.tfddpm.serve.value.Failure;
import org.tfddpm.serving.BatchingParameters;

/** The files of a version: whether they are all there, and what they say beside the graph. */
final class VersionFolder {
  private static final String BATCHING = "batching_params.pbtxt";
  private static final Set<String> VARIABLES =
      Set.of("VarHandleOp", "VariableV2", "Variable", "AutoReloadVariable");

  private final Path folder;

  VersionFolder(Path folder) {
    this.folder = folder;
  }

  Path path() {
    return folder;
  }

  /**
   * Reads the graph and the signatures.
   *
   * @throws Failure if they are not whole: a folder that is still being copied, or none of ours
   */
  MetaGraphDef read() {
    MetaGraphDef meta;
    try {
      meta = SavedModels.read(folder);
    } catch (NoSuchFileException e) {
      throw new Failure(Code.NOT_FOUND, SavedModels.FILE + " is missing", e);
    } catch (InvalidProtocolBufferException e) {
      throw new Failure(Code.DATA_LOSS, SavedModels.FILE + " is truncated or no SavedModel", e);
    } catch (IOException e) {
      throw new Failure(Code.UNAVAILABLE, SavedModels.FILE + " cannot be read", e);
    } catch (IndexOutOfBoundsException e) {
      throw new Failure(Code.DATA_LOSS, SavedModels.FILE + " holds no graph", e);
    }
    if (!meta.getMetaInfoDef().getTagsList().contains(SavedModels.TAG)) {
      throw new Failure(
          Code.NOT_FOUND, SavedModels.FILE + " has no graph with the tag " + SavedModels.TAG);
    }
    // TensorFlow would load it all the same, and fail at every request.
    if (meta.getGraphDef().getNodeList().stream().anyMatch(n -> VARIABLES.contains(n.getOp()))
        && !Files.isRegularFile(folder.resolve("variables/variables.index"))) {
      throw new Failure(Code.NOT_FOUND, "variables/variables.index is missing");
    }
    return meta;
  }

  /** The limits that the folder has of its own, or else these. */
  Batching batching(Batching otherwise) {
    Path file = folder.resolve(BATCHING);
    if (!Files.isRegularFile(file)) {
      return otherwise;
    }
    BatchingParameters.Builder given = BatchingParameters.newBuilder();
    try {
      TextFormat.Parser.newBuilder()
          .setAllowUnknownFields(true)
          .build()
          .merge(Files.readString(file), given);
      int maxBatch =
          given.hasMaxBatchSize()
              ? Math.toIntExact(given.getMaxBatchSize().getValue())
              : otherwise.maxBatch();
      return new Batching(
          maxBatch,
          given.hasBatchTimeoutMicros()
              ? Duration.of(given.getBatchTimeoutMicros().getValue(), ChronoUnit.MICROS)
              : otherwise.timeout(),
          given.hasMaxEnqueuedBatches()
              ? Math.toIntExact(maxBatch * given.getMaxEnqueuedBatches().getValue())
              : otherwise.queue(),
          given.getAllowedBatchSizesList().stream().map(Math::toIntExact).toList());
    } catch (IOException | RuntimeException e) {
      throw new Failure(Code.INVALID_ARGUMENT, BATCHING + ": " + e.getMessage(), e);
    }
  }

  /** Changes when a file in the folder does. */
  String fingerprint() {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .map(VersionFolder::facts)
          .sorted()
          .collect(Collectors.joining("\n"));
    } catch (IOException | RuntimeException e) {
      return "unreadable";
    }
  }

  private static String facts(Path file) {
    try {
      return file + " " + Files.size(file) + " " + Files.getLastModifiedTime(file).toMillis();
    } catch (IOException e) {
      return file + " is gone";
    }
  }
}
