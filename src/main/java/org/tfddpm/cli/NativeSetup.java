package org.tfddpm.cli;

import com.sun.jna.Library;
import com.sun.jna.Native;

/** What the process needs to be told before TensorFlow is loaded, so that no JVM flag is. */
final class NativeSetup {
  private static final int STDERR = 2;

  private NativeSetup() {}

  /** The C library. */
  interface LibC extends Library {
    int setenv(String name, String value, int overwrite);

    int isatty(int descriptor);
  }

  /** To be called first of all. */
  static void beforeTensorFlow(boolean verbose) {
    // JavaCPP would end the process when it takes more than four times the Java heap, and counts
    // what TensorFlow takes.
    System.setProperty("org.bytedeco.javacpp.maxPhysicalBytes", "0");
    System.setProperty("java.awt.headless", "true");
    if (!verbose) {
      libC().setenv("TF_CPP_MIN_LOG_LEVEL", "2", 0);
    }
  }

  static boolean stderrIsTerminal() {
    return libC().isatty(STDERR) == 1;
  }

  private static LibC libC() {
    return Native.load("c", LibC.class);
  }
}
