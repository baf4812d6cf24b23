package org.tfddpm.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import org.tensorflow.types.TFloat32;
import org.tfddpm.run.FirstCheckpoint;
import org.tfddpm.run.Folders;
import org.tfddpm.run.RunDirectory;
import org.tfddpm.spec.GraphSpec;

/** A run that begins with weights from elsewhere. */
final class ImportedRun {
  private ImportedRun() {}

  /** Writes it beside its place, then renames it. */
  static void write(Path folder, GraphSpec spec, Map<String, TFloat32> weights) throws IOException {
    Path place = folder.toAbsolutePath();
    Path hidden = place.resolveSibling("." + place.getFileName() + ".importing");
    Folders.delete(hidden);
    try {
      FirstCheckpoint.write(RunDirectory.create(hidden, spec), weights);
      Files.move(hidden, place, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Folders.delete(hidden);
    }
  }
}
