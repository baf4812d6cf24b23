package org.tfddpm.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.tfddpm.interop.DiffusersWriter;
import org.tfddpm.run.Checkpoints.Checkpoint;
import org.tfddpm.run.Folders;
import org.tfddpm.run.StoredWeights;
import org.tfddpm.spec.BadInput;

/** {@code tfddpm export --format diffusers}. */
final class DiffusersExport {
  private DiffusersExport() {}

  static int run(Flags flags, Console console) throws IOException {
    for (String flag : List.of("name", "version")) {
      if (flags.has(flag)) {
        throw new BadInput("--" + flag + ": allowed with --format savedmodel, not with diffusers");
      }
    }
    Path out =
        flags
            .path("out")
            .orElseThrow(
                () -> new BadInput("--out DIR is needed with --format diffusers: a new folder"));
    if (Files.exists(out)) {
      throw new BadInput("--out " + out + ": is there already; allowed is a new folder");
    }
    Checkpoint checkpoint = ExportCommand.checkpoint(flags, console);
    console.startTensorFlow();
    DiffusersWriter writer = new DiffusersWriter(checkpoint.info().getSpec());
    try (StoredWeights stored = StoredWeights.read(checkpoint, StoredWeights.Kind.AVERAGED)) {
      writer.write(out, stored.byPath());
    } catch (IOException e) {
      throw new IOException("--out " + out + ": " + Folders.reason(e), e);
    }
    console.out().println(out);
    return Main.OK;
  }
}
