package org.tfddpm.run;

import com.google.protobuf.TextFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.tfddpm.run.Checkpoints.Checkpoint;
import org.tfddpm.spec.BadInput;

/** The calibration beside a checkpoint; it goes when its checkpoint goes or is written anew. */
public final class Calibrations {
  static final String ENDING = ".calibration";

  private Calibrations() {}

  /**
   * Reads it, if there is one.
   *
   * @throws BadInput if it is broken
   */
  public static Optional<Calibration> of(Checkpoint checkpoint) throws IOException {
    Path file = file(checkpoint);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      Calibration calibration = TextFormat.parse(Files.readString(file), Calibration.class);
      int steps = checkpoint.info().getSpec().getDiffusion().getSteps();
      if (calibration.getMeanSquaresCount() == steps) {
        return Optional.of(calibration);
      }
    } catch (TextFormat.ParseException e) {
      // Falls through to the same message.
    }
    throw new BadInput(file + " is broken: tfddpm calibrate writes it anew");
  }

  /** Writes it, in place of one that there may be, and gives the file. */
  public static Path write(Checkpoint checkpoint, Calibration calibration) throws IOException {
    Path file = file(checkpoint);
    AtomicFile.write(file, TextFormat.printer().printToString(calibration));
    return file;
  }

  private static Path file(Checkpoint checkpoint) {
    return Path.of(checkpoint.prefix() + ENDING);
  }
}
