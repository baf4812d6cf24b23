package org.tfddpm.run;

import java.io.PrintStream;

/**
 * How far a training run is, on stderr: one line that overwrites itself on a terminal, a plain line
 * now and then elsewhere.
 */
public final class Progress {
  private static final double PLAIN_EVERY_SECONDS = 10;
  private static final double TERMINAL_EVERY_SECONDS = 0.2;

  private final PrintStream out;
  private final boolean terminal;
  private final long steps;
  private double shownAt = Double.NEGATIVE_INFINITY;
  private int width;

  /**
   * Progress towards a number of steps.
   *
   * @param terminal whether out is one
   */
  public Progress(PrintStream out, boolean terminal, long steps) {
    this.out = out;
    this.terminal = terminal;
    this.steps = steps;
  }

  /**
   * Shows a step, if the last one was shown long enough ago.
   *
   * @param loss a recent mean
   * @param seconds since training began
   */
  public void step(
      long step, double loss, double imagesPerSecond, double secondsLeft, double seconds) {
    boolean due =
        seconds - shownAt >= (terminal ? TERMINAL_EVERY_SECONDS : PLAIN_EVERY_SECONDS)
            || step == steps;
    if (!due) {
      return;
    }
    shownAt = seconds;
    String line =
        String.format(
            "step %d/%d  loss %.4f  %.0f images/s  %s left",
            step, steps, loss, imagesPerSecond, duration(secondsLeft));
    if (terminal) {
      out.print("\r" + line + " ".repeat(Math.max(0, width - line.length())));
      width = line.length();
      if (step == steps) {
        out.println();
      }
    } else {
      out.println(line);
    }
    out.flush();
  }

  /** A line of its own between the others. */
  public void say(String line) {
    if (terminal && width > 0) {
      out.print("\r" + " ".repeat(width) + "\r");
      width = 0;
    }
    out.println(line);
  }

  private static String duration(double seconds) {
    long s = Math.round(seconds);
    if (s < 100) {
      return s + " s";
    }
    return s < 6000 ? s / 60 + " min " + s % 60 + " s" : s / 3600 + " h " + s / 60 % 60 + " min";
  }
}
