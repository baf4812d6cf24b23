package org.tfddpm.serve.grpc;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.Optional;
import java.util.OptionalLong;
import org.tfddpm.serve.model.ModelChoice;
import org.tfddpm.serve.value.Failure;
import org.tfddpm.serving.ModelSpec;

/** What all calls have in common. */
final class Rpc {
  private Rpc() {}

  /**
   * The model that a call means.
   *
   * @throws Failure if it names none
   */
  static ModelChoice choice(boolean given, ModelSpec spec) {
    if (!given) {
      throw Failure.invalid("Missing ModelSpec");
    }
    if (spec.getName().isEmpty()) {
      throw Failure.invalid("ModelSpec has no name");
    }
    return new ModelChoice(
        spec.getName(),
        spec.hasVersion() ? OptionalLong.of(spec.getVersion().getValue()) : OptionalLong.empty(),
        spec.hasVersionLabel() ? Optional.of(spec.getVersionLabel()) : Optional.empty());
  }

  static StatusRuntimeException status(Failure failure) {
    return Status.fromCodeValue(failure.code().number())
        .withDescription(failure.text())
        .asRuntimeException();
  }
}
