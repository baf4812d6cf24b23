package org.tfddpm.cli;

import java.io.PrintStream;

/**
 * Where a command writes.
 *
 * @param out results only
 * @param err progress and log
 * @param terminal whether err is one
 */
record Console(PrintStream out, PrintStream err, boolean terminal) {}
