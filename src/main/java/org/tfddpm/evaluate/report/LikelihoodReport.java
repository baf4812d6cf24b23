package org.tfddpm.evaluate.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.tfddpm.evaluate.Likelihood;
import org.tfddpm.evaluate.Table;

/**
 * What evaluate says of the likelihood by the probability-flow ODE.
 *
 * @param source of the data
 * @param count of the images
 * @param steps time steps that the ODE was solved over
 */
public record LikelihoodReport(String source, int count, int steps, Likelihood likelihood) {
  /** For programs. */
  public Map<String, Object> json(Map<String, Object> settings) {
    Map<String, Object> json = new LinkedHashMap<>(settings);
    json.put("steps", steps);
    json.put("count", count);
    json.put("data", source);
    json.put("likelihood", results());
    return json;
  }

  /** The results. */
  public Map<String, Object> results() {
    Map<String, Object> results = new LinkedHashMap<>();
    likelihood.total().put(results, "bits_per_dimension");
    likelihood.flow().put(results, "flow");
    likelihood.decoder().put(results, "decoder");
    return results;
  }

  /** For people. */
  public String words() {
    Table table =
        new Table(List.of("", "bits/dim"))
            .row(List.of("ODE, from the first time step on", likelihood.flow()))
            .row(List.of("L_0", likelihood.decoder()))
            .row(List.of("-log p, the sum", likelihood.total()));
    return String.format(
        Locale.ROOT,
        "likelihood by the probability-flow ODE, %d images of %s, %d time steps%n%n%s%n",
        count,
        source,
        steps,
        table.text());
  }
}
