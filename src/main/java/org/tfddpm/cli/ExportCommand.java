package org.tfddpm.cli;

import static org.tfddpm.cli.Command.flag;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.apache.commons.cli.Option;
import org.tfddpm.export.Exporter;
import org.tfddpm.model.Model;
import org.tfddpm.run.Checkpoints.Checkpoint;
import org.tfddpm.run.Folders;
import org.tfddpm.spec.BadInput;

/** {@code tfddpm export}. */
final class ExportCommand implements Command {
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
        flag("version", "N", "version directory (default: the next free one)"));
  }

  @Override
  public List<String> examples() {
    return List.of(
        "export --run runs/digits",
        "export --run runs/fashion --name clothes --out models --version 7",
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
    console.startTensorFlow();
    try {
      new Exporter(checkpoint, out, name, version, Version.ofProgram())
          .export()
          .forEach(console.out()::println);
    } catch (IOException e) {
      throw new IOException("--out " + out + ": " + Folders.reason(e), e);
    }
    return Main.OK;
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
