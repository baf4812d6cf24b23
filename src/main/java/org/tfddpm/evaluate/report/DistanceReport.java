package org.tfddpm.evaluate.report;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tfddpm.evaluate.Distances;
import org.tfddpm.evaluate.Estimate;
import org.tfddpm.evaluate.Table;

/**
 * What evaluate says of distances.
 *
 * @param source of the data
 * @param features by what they were measured
 * @param values how many features an image has
 * @param pictures the pictures against the data
 * @param floor as many images of the data against the rest of it
 */
public record DistanceReport(
    String source, String features, int values, Distances pictures, Distances floor) {
  /** The settings that every report has, in words of their own. */
  private static final Set<String> SAID =
      Set.of("step", "weights", "sampler", "steps", "eta", "spacing", "seed");

  /** For programs. */
  public Map<String, Object> json(Map<String, Object> settings) {
    Map<String, Object> json = new LinkedHashMap<>(settings);
    json.put("count", pictures.count());
    json.put("data", source);
    json.put("data_count", pictures.dataCount());
    json.put("features", features);
    json.put("values", values);
    json.put("distances", pictures.byName());
    Map<String, Object> within = new LinkedHashMap<>();
    within.put("count", floor.count());
    within.put("data_count", floor.dataCount());
    within.putAll(floor.byName());
    json.put("data_distances", within);
    return json;
  }

  /**
   * For people.
   *
   * @param seeds of the pictures, in words
   */
  public String words(Path model, Map<String, Object> settings, String seeds) {
    StringBuilder text = new StringBuilder();
    text.append("model     ").append(model);
    text.append(", step ").append(settings.get("step"));
    text.append(", ").append(settings.get("weights")).append(" weights\n");
    text.append("pictures  ").append(pictures.count()).append(", ").append(seeds);
    text.append(": ").append(settings.get("sampler"));
    text.append(", ").append(settings.get("steps")).append(" steps, eta ");
    text.append(settings.get("eta")).append(", ").append(settings.get("spacing"));
    settings.forEach(
        (name, value) -> {
          if (!SAID.contains(name)) {
            text.append(", ").append(name).append(" ").append(value);
          }
        });
    text.append("\n");
    text.append("data      ").append(pictures.dataCount()).append(" images of ").append(source);
    text.append("\nfeatures  ").append(features);
    text.append(", ").append(values).append(" values an image\n\n");
    Table table =
        new Table(
            List.of(
                "",
                "pictures against data",
                floor.count() + " of the data against the other " + floor.dataCount()));
    table.row(List.of("Frechet distance", pictures.frechet(), floor.frechet()));
    table.row(List.of("kernel distance", pictures.kernel(), floor.kernel()));
    table.row(
        List.of(
            "precision",
            pictures.precisionRecall().precision(),
            floor.precisionRecall().precision()));
    table.row(
        List.of("recall", pictures.precisionRecall().recall(), floor.precisionRecall().recall()));
    Estimate score = pictures.score();
    Estimate best = floor.score();
    if (score != null && best != null) {
      table.row(List.of("inception score", score, best));
    }
    return text.append(table.text()).append("\n").toString();
  }
}
