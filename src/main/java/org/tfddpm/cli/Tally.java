package org.tfddpm.cli;

import java.util.function.IntConsumer;

/** How many of some images are done, on stderr: as {@link org.tfddpm.run.Progress} for training. */
final class Tally implements IntConsumer {
  private static final double PLAIN_EVERY_SECONDS = 10;
  private static final double TERMINAL_EVERY_SECONDS = 0.2;
  private static final double NANOS = 1e9;

  private final Console console;
  private final String what;
  private final int all;
  private long shownAt = System.nanoTime();
  private boolean shown;

  /**
   * Of so many images.
   *
   * @param what is done with them
   */
  Tally(Console console, String what, int all) {
    this.console = console;
    this.what = what;
    this.all = all;
  }

  @Override
  public void accept(int done) {
    double seconds = (System.nanoTime() - shownAt) / NANOS;
    boolean last = done == all;
    // What takes no time needs no line.
    if (last
        ? shown
        : seconds >= (console.terminal() ? TERMINAL_EVERY_SECONDS : PLAIN_EVERY_SECONDS)) {
      String line = what + " " + done + "/" + all;
      console.err().print(console.terminal() ? "\r" + line + (last ? "\n" : "") : line + "\n");
      console.err().flush();
      shownAt = System.nanoTime();
      shown = true;
    }
  }
}
