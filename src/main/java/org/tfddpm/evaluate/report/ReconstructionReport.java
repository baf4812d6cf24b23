package org.tfddpm.evaluate.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tfddpm.evaluate.Estimate;
import org.tfddpm.evaluate.Table;
import org.tfddpm.run.Axis;
import org.tfddpm.run.Plot;
import org.tfddpm.run.Png;

/**
 * What evaluate says of encoding and decoding (table 2 of Song et al. 2020).
 *
 * @param source of the data
 * @param count of the images
 * @param errors by the number of steps each way, rising
 */
public record ReconstructionReport(String source, int count, Map<Integer, Estimate> errors) {
  /** For programs. */
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("data", source);
    json.put("count", count);
    List<Object> rows = new ArrayList<>();
    errors.forEach(
        (steps, error) -> {
          Map<String, Object> row = new LinkedHashMap<>();
          row.put("steps", steps);
          error.put(row, "mean_squared_error");
          rows.add(row);
        });
    json.put("errors", rows);
    return json;
  }

  /** For people. */
  public String words() {
    Table table = new Table(List.of("S", "mean squared error"));
    errors.forEach((steps, error) -> table.row(List.of(steps, error)));
    return "encoding and decoding by DDIM, S steps each way, "
        + count
        + " images of "
        + source
        + " in [0,1]\n\n"
        + table.text()
        + "\n";
  }

  /** A line for each number of steps. */
  public String csv() {
    Table table =
        new Table(List.of("steps", "mean_squared_error", "mean_squared_error_standard_error"));
    errors.forEach((steps, error) -> table.row(List.of(steps, error.mean(), error.deviation())));
    return table.csv();
  }

  /** Error over steps. */
  public Png plot() {
    return new Plot(
            "encoding and decoding by DDIM",
            new Axis("S, steps each way", true),
            new Axis("mean squared error, images in [0,1]", true))
        .line(
            "",
            errors.keySet().stream().map(Integer::doubleValue).toList(),
            errors.values().stream().map(Estimate::mean).toList())
        .png();
  }
}
