package org.tfddpm.cli;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tfddpm.evaluate.Evaluations;
import org.tfddpm.run.AtomicFile;
import org.tfddpm.run.Folders;
import org.tfddpm.run.Png;
import org.tfddpm.run.RunDirectory;
import org.tfddpm.run.TensorBoard;

/**
 * Where evaluate leaves what it has found: --out, or nowhere for a --model, or a run's evaluation/,
 * where TensorBoard finds it, too.
 */
final class EvaluationFiles implements AutoCloseable {
  private final @Nullable Path folder;
  private final boolean ofRun;
  private final long step;
  private final List<Path> written = new ArrayList<>();
  private @Nullable TensorBoard board;

  private EvaluationFiles(@Nullable Path folder, boolean ofRun, long step) {
    this.folder = folder;
    this.ofRun = ofRun;
    this.step = step;
  }

  /** Of a model that was trained for so many steps. */
  static EvaluationFiles of(Flags flags, long step) {
    Optional<Path> out = flags.path("out");
    Optional<Path> run = flags.path("run").map(each -> RunDirectory.open(each).evaluation());
    return new EvaluationFiles(out.or(() -> run).orElse(null), out.isEmpty(), step);
  }

  /** Adds to the evaluations of this name. */
  void add(String name, Map<String, Object> evaluation) throws IOException {
    if (folder == null) {
      return;
    }
    try {
      written.addAll(new Evaluations(folder, name).add(evaluation));
      scalars(evaluation);
    } catch (IOException e) {
      throw new IOException(folder + ": " + Folders.reason(e), e);
    }
  }

  /** Writes NAME.csv, NAME.json and NAME.png, in place of those of the evaluation before. */
  void write(String name, String csv, Map<String, Object> json, Png plot) throws IOException {
    if (folder == null) {
      return;
    }
    List<Path> files =
        List.of(
            folder.resolve(name + ".csv"),
            folder.resolve(name + ".json"),
            folder.resolve(name + ".png"));
    try {
      Files.createDirectories(folder);
      AtomicFile.write(files.get(0), csv);
      AtomicFile.write(
          files.get(1), JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).asString(json) + "\n");
      AtomicFile.write(files.get(2), plot.bytes());
      scalars(Map.of(name, json));
      if (ofRun) {
        board().image(step, name, plot);
      }
    } catch (IOException e) {
      throw new IOException(folder + ": " + Folders.reason(e), e);
    }
    written.addAll(files);
  }

  /** The results of each part as PART/RESULT, by the sampler where there is one. */
  private void scalars(Map<String, Object> evaluation) throws IOException {
    if (!ofRun) {
      return;
    }
    String sampler =
        evaluation.containsKey("sampler")
            ? " " + evaluation.get("sampler") + " " + evaluation.get("steps")
            : "";
    Map<String, Object> tagged = new LinkedHashMap<>();
    evaluation.forEach(
        (part, results) -> {
          if (results instanceof Map<?, ?> values) {
            values.forEach((name, value) -> tagged.put(part + "/" + name + sampler, value));
          }
        });
    board().scalars(step, tagged);
  }

  private TensorBoard board() throws IOException {
    if (board == null) {
      board = TensorBoard.besides(Objects.requireNonNull(folder), Clock.systemUTC());
    }
    return board;
  }

  @Override
  public void close() throws IOException {
    if (board != null) {
      board.close();
    }
  }

  /** What was written. */
  List<Path> written() {
    return written;
  }
}
