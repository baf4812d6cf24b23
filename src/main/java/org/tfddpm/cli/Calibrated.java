package org.tfddpm.cli;

import java.util.Optional;
import org.tfddpm.diffusion.schedule.X0Variance;
import org.tfddpm.run.Calibration;
import org.tfddpm.spec.BadInput;

/** What calibrate has found, for the flags that cannot do without. */
final class Calibrated {
  private Calibrated() {}

  /**
   * Gives it.
   *
   * @param flag with its value
   * @throws BadInput if the checkpoint was not calibrated
   */
  static X0Variance of(Optional<Calibration> calibration, String flag) {
    return calibration
        .map(each -> each.getMeanSquaresList().stream().mapToDouble(Double::doubleValue).toArray())
        .map(X0Variance::new)
        .orElseThrow(
            () ->
                new BadInput(
                    flag
                        + ": the checkpoint is not calibrated; tfddpm calibrate --run DIR does"
                        + " it"));
  }
}
