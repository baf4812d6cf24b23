package org.tfddpm.export;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.TensorFlow;
import org.tfddpm.run.Calibration;
import org.tfddpm.run.CheckpointInfo;

/** provenance.json of an exported model: where its weights come from. */
final class Provenance {
  private Provenance() {}

  static String of(
      ExportOptions options, CheckpointInfo checkpoint, Optional<Calibration> calibration)
      throws IOException {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("tfddpm", options.program());
    facts.put("tensorflow", TensorFlow.version());
    facts.put("step", checkpoint.getStep());
    facts.put("weights", "averaged");
    facts.put("precision", options.precision().name().toLowerCase(Locale.ROOT));
    facts.put("data", checkpoint.getSpec().getData().getSource());
    if (checkpoint.hasDataFingerprint()) {
      facts.put("data_fingerprint", checkpoint.getDataFingerprint());
    }
    facts.put("seed", checkpoint.getSpec().getTraining().getSeed());
    calibration.ifPresent(
        each ->
            facts.put("calibration", Map.of("samples", each.getSamples(), "seed", each.getSeed())));
    options.date().ifPresent(date -> facts.put("date", date.toString()));
    return JSON.std.asString(facts);
  }
}
