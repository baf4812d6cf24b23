package org.tfddpm.serve.model;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * Which model a request means: the newest version if it names neither a number nor a label.
 *
 * @param name of the model
 */
public record ModelChoice(String name, OptionalLong version, Optional<String> label) {
  @Override
  public String toString() {
    return version.isPresent()
        ? "Specific(" + name + ", " + version.getAsLong() + ")"
        : "Latest(" + name + ")";
  }
}
