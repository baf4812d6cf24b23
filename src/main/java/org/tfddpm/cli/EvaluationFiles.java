package org.tfddpm.cli;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tfddpm.evaluate.Evaluations;
import org.tfddpm.run.AtomicFile;
import org.tfddpm.run.Folders;
import org.tfddpm.run.Png;
import org.tfddpm.run.RunDirectory;

/** Where evaluate leaves what it has found: --out, or a run's evaluation/, or nowhere. */
final class EvaluationFiles {
  private final @Nullable Path folder;
  private final List<Path> written = new ArrayList<>();

  private EvaluationFiles(@Nullable Path folder) {
    this.folder = folder;
  }

  static EvaluationFiles of(Flags flags) {
    return new EvaluationFiles(
        flags
            .path("out")
            .or(() -> flags.path("run").map(run -> RunDirectory.open(run).evaluation()))
            .orElse(null));
  }

  /** Adds to the evaluations of this name. */
  void add(String name, Map<String, Object> evaluation) throws IOException {
    if (folder == null) {
      return;
    }
    try {
      written.addAll(new Evaluations(folder, name).add(evaluation));
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
    } catch (IOException e) {
      throw new IOException(folder + ": " + Folders.reason(e), e);
    }
    written.addAll(files);
  }

  /** What was written. */
  List<Path> written() {
    return written;
  }
}
