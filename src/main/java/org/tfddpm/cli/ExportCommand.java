package org.tfddpm.cli;

import static org.tfddpm.cli.Command.flag;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.apache.commons.cli.Option;
import org.tfddpm.export.ExportOptions;
import org.tfddpm.export.Exporter;
import org.tfddpm.model.Model;
import org.tfddpm.nn.Precision;
import org.tfddpm.run.Checkpoints.Checkpoint;
import org.tfddpm.run.Folders;
import org.tfddpm.spec.BadInput;

/** {@code tfddpm export}. */
final class ExportCommand implements Command {
  private static final int MOST_ROWS = 4096;

  /** What is written. */
  private enum ExportFormat {
    SAVEDMODEL,
    DIFFUSERS
  }

  @Override
  public String name() {
    return "export";
  }

  @Override
  public String sentence() {
    return "Writes a run's averaged weights as SavedModels for TensorFlow Serving and others.";
  }

  @Override
  public List<Option> flags() {
    return List.of(
        flag("run", "DIR", "run directory (needed)"),
        flag("checkpoint", "STEP", "which checkpoint of the run (default: the latest)"),
        flag(
            "format",
            "FORMAT",
            "savedmodel, or diffusers: a folder of its own (default savedmodel)"),
        flag("name", "NAME", "the model's name (default: the graph's)"),
        flag(
            "out", "DIR", "folder of models (default export/models); of diffusers: the new folder"),
        flag("version", "N", "version directory (default: the next free one)"),
        flag("precision", "NAME", "where convolutions calculate: float32 (default) or bfloat16"),
        flag("sampler-steps", "N,...", "steps of the sampler's loops (default 10,50 and all)"),
        flag("signatures", "NAME,...", "signatures to keep (default: all)"),
        flag("batch-sizes", "N,...", "rows that servers fill up to (default 1,2,4,8,16,32)"),
        flag("dated", "writes the date into provenance.json; two exports then differ"));
  }

  @Override
  public List<String> examples() {
    return List.of(
        "export --run runs/digits",
        "export --run runs/fashion --name clothes --out models --version 7",
        "export --run runs/fashion --precision bfloat16 --sampler-steps 20 --signatures eps,sample_20_fast_png",
        "export --run runs/digits --format diffusers --out digits-diffusers");
  }

  @Override
  public int run(Flags flags, Console console) throws IOException {
    flags.words(0);
    if (flags.choice("format", ExportFormat.class).orElse(ExportFormat.SAVEDMODEL)
        == ExportFormat.DIFFUSERS) {
      return DiffusersExport.run(flags, console);
    }
    OptionalLong version =
        flags
            .integer("version", 1, 999_999_999_999L)
            .map(OptionalLong::of)
            .orElse(OptionalLong.empty());
    Path out = flags.path("out").orElse(Path.of("export", "models"));
    Checkpoint checkpoint = checkpoint(flags, console);
    String name = flags.text("name").orElse(checkpoint.info().getSpec().getName());
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
      throw new BadInput("--name " + name + ": allowed are letters, digits, - _ and .");
    }
    ExportOptions options =
        ExportOptions.of(out, name, Version.ofProgram())
            .withVersion(version)
            .with(flags.choice("precision", Precision.class).orElse(Precision.FLOAT32))
            .with(
                flags.list("signatures"),
                flags.integers(
                    "sampler-steps", checkpoint.info().getSpec().getDiffusion().getSteps()))
            .withBatchSizes(batchSizes(flags));
    if (flags.has("dated")) {
      options = options.at(Instant.now());
    }
    console.startTensorFlow();
    try {
      new Exporter(checkpoint, options).export().forEach(console.out()::println);
    } catch (IOException e) {
      throw new IOException("--out " + out + ": " + Folders.reason(e), e);
    }
    return Main.OK;
  }

  private static List<Integer> batchSizes(Flags flags) {
    List<Integer> asked = flags.integers("batch-sizes", MOST_ROWS);
    return asked.isEmpty() ? ExportOptions.USUAL_BATCH_SIZES : asked;
  }

  /**
   * The checkpoint that is meant.
   *
   * @throws BadInput if it is a classifier's
   */
  static Checkpoint checkpoint(Flags flags, Console console) throws IOException {
    Checkpoint checkpoint = TrainedModel.checkpoint(flags, console.err()::println);
    if (Model.of(checkpoint.info().getSpec()).isClassifier()) {
      throw new BadInput(
          "--run "
              + flags.text("run").orElseThrow()
              + ": a classifier of noisy images is not exported; allowed are runs that make pictures");
    }
    return checkpoint;
  }
}
