package org.tfddpm.cli;

import com.sun.jna.Library;
import com.sun.jna.Native;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;

/** What the process needs to be told before TensorFlow is loaded, so that no JVM flag is. */
final class NativeSetup {
  private static final int STDERR = 2;

  private static final int WRITE_ONLY = 1;

  private NativeSetup() {}

  /** The C library. */
  interface LibC extends Library {
    int setenv(String name, String value, int overwrite);

    int isatty(int descriptor);

    int open(String path, int flags);

    int dup(int descriptor);

    int dup2(int from, int to);

    int close(int descriptor);
  }

  /** To be called first of all. */
  static void beforeTensorFlow(boolean verbose) {
    // JavaCPP would end the process when it takes more than four times the Java heap, and counts
    // what TensorFlow takes.
    System.setProperty("org.bytedeco.javacpp.maxPhysicalBytes", "0");
    System.setProperty("java.awt.headless", "true");
    // On by itself only where a CPU has AVX512-VNNI; without it oneDNN is as fast or faster too.
    libC().setenv("TF_ENABLE_ONEDNN_OPTS", "1", 0);
    if (!verbose) {
      libC().setenv("TF_CPP_MIN_LOG_LEVEL", "2", 0);
    }
  }

  /**
   * Loads TensorFlow and lets it say what it says once in a process, and what no environment
   * variable turns off, while stderr goes nowhere.
   */
  static void loadQuietly() {
    LibC c = libC();
    int stderr = c.dup(STDERR);
    int nowhere = c.open("/dev/null", WRITE_ONLY);
    c.dup2(nowhere, STDERR);
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      session.runner().fetch(tf.constant(0)).run().close();
    } finally {
      c.dup2(stderr, STDERR);
      c.close(stderr);
      c.close(nowhere);
    }
  }

  static boolean stderrIsTerminal() {
    return libC().isatty(STDERR) == 1;
  }

  private static LibC libC() {
    return Native.load("c", LibC.class);
  }
}
