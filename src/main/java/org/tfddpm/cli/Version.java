package org.tfddpm.cli;

import java.util.List;
import org.tensorflow.TensorFlow;
import org.tfddpm.device.Device;

/** What runs. */
final class Version {
  private Version() {}

  /** The program's version, as the jar's manifest has it. */
  static String ofProgram() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "unpackaged" : version;
  }

  /** The lines of --version. */
  static String report() {
    List<String> gpus = Device.gpus();
    return String.format(
        "tfddpm %s%nTensorFlow %s%nJava %s%ndevices: %d CPU cores, %s%n",
        ofProgram(),
        TensorFlow.version(),
        Runtime.version(),
        Runtime.getRuntime().availableProcessors(),
        gpus.isEmpty() ? "no GPU" : String.join(", ", gpus));
  }
}
