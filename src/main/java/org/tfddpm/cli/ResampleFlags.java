package org.tfddpm.cli;

import static org.tfddpm.cli.Command.flag;

import java.util.List;
import java.util.Optional;
import org.apache.commons.cli.Option;
import org.tfddpm.sample.Chain;
import org.tfddpm.sample.Known;
import org.tfddpm.spec.BadInput;

/** The flags that say how what is painted comes to fit what is known. */
final class ResampleFlags {
  private static final int USUAL = 10;

  private final int times;
  private final Optional<Long> jump;

  /** Their descriptions. */
  static List<Option> options() {
    return List.of(
        flag(
            "resample",
            "R",
            "how often each part of the way is gone, so that the parts of the picture fit; the time"
                + " it takes grows with it (default 10)"),
        flag("jump", "J", "steps of a part: so many up again, and down (default 10)"));
  }

  ResampleFlags(Flags flags) {
    times = (int) (long) flags.integer("resample", 1, 1000).orElse((long) USUAL);
    jump = flags.integer("jump", 1, 100_000);
    if (jump.isPresent() && times == 1) {
      throw new BadInput("--jump " + jump.get() + ": allowed with --resample 2 or more");
    }
  }

  /**
   * The way to the pictures.
   *
   * @param tau the time steps to visit, rising
   * @param noiseLevels T
   * @throws BadInput if there are too few time steps for the jump, or too many for the resampling
   */
  Chain chain(Known known, int[] tau, int noiseLevels) {
    int most = Chain.mostResampling(noiseLevels);
    if (times > most) {
      throw new BadInput(
          "--resample "
              + times
              + ": allowed with "
              + noiseLevels
              + " time steps are whole numbers in 1 ... "
              + most);
    }
    if (jump.isPresent() && jump.get() >= tau.length) {
      throw new BadInput(
          "--jump "
              + jump.get()
              + ": allowed with "
              + tau.length
              + " steps are whole numbers below that");
    }
    int up = (int) (long) jump.orElse((long) Math.max(1, Math.min(USUAL, tau.length - 1)));
    return Chain.inpainting(known, tau, times, up);
  }
}
