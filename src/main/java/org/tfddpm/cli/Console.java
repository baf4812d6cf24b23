package org.tfddpm.cli;

import java.io.PrintStream;

/**
 * Where a command writes.
 *
 * @param out results only
 * @param err progress and log
 * @param terminal whether err is one
 * @param verbose whether TensorFlow's own log is wanted
 */
record Console(PrintStream out, PrintStream err, boolean terminal, boolean verbose) {
  /**
   * Loads TensorFlow, which takes a second or two; to be called when the input is known to be good.
   */
  void startTensorFlow() {
    if (!verbose) {
      NativeSetup.loadQuietly();
    }
  }
}
