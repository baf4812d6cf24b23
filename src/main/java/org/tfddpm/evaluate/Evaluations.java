package org.tfddpm.evaluate;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tfddpm.run.AtomicFile;
import org.tfddpm.spec.BadInput;

/**
 * All evaluations of a run: NAME.json, a list of them, and NAME.csv, a row each. What was evaluated
 * before with the same settings is replaced, so that the same command leaves the same bytes.
 */
public final class Evaluations {
  private final Path json;
  private final Path csv;

  /** Those of a folder, which need not be there yet. */
  public Evaluations(Path folder, String name) {
    this.json = folder.resolve(name + ".json");
    this.csv = folder.resolve(name + ".csv");
  }

  /**
   * Adds one.
   *
   * @param evaluation settings as words and numbers, results as maps
   * @return the files written
   * @throws BadInput if what is there is not what this class writes
   */
  public List<Path> add(Map<String, Object> evaluation) throws IOException {
    List<Map<String, Object>> all = read();
    Map<String, Object> settings = settings(evaluation);
    int before = all.stream().map(Evaluations::settings).toList().indexOf(settings);
    if (before < 0) {
      all.add(evaluation);
    } else {
      all.set(before, evaluation);
    }
    Files.createDirectories(json.toAbsolutePath().getParent());
    AtomicFile.write(json, JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).asString(all) + "\n");
    AtomicFile.write(csv, csv(all));
    return List.of(csv, json);
  }

  private List<Map<String, Object>> read() throws IOException {
    List<Map<String, Object>> all = new ArrayList<>();
    if (!Files.exists(json)) {
      return all;
    }
    try {
      for (Object each : JSON.std.listFrom(Files.readString(json))) {
        all.add(stringKeys((Map<?, ?>) each));
      }
    } catch (IOException | ClassCastException e) {
      throw new BadInput(json + ": not a list of evaluations; move it away", e);
    }
    return all;
  }

  private static Map<String, Object> stringKeys(Map<?, ?> map) {
    Map<String, Object> typed = new LinkedHashMap<>();
    map.forEach((key, value) -> typed.put((String) key, value));
    return typed;
  }

  /** As they are read back: 0 and 0L are the same setting. */
  private static Map<String, Object> settings(Map<String, Object> evaluation) {
    Map<String, Object> settings = new LinkedHashMap<>();
    evaluation.forEach(
        (name, value) -> {
          if (!(value instanceof Map)) {
            settings.put(name, value.toString());
          }
        });
    return settings;
  }

  private static String csv(List<Map<String, Object>> all) {
    List<Map<String, Object>> rows = all.stream().map(Evaluations::flat).toList();
    Set<String> columns = new LinkedHashSet<>();
    rows.forEach(row -> columns.addAll(row.keySet()));
    Table table = new Table(new ArrayList<>(columns));
    for (Map<String, Object> row : rows) {
      table.row(columns.stream().map(column -> row.getOrDefault(column, "")).toList());
    }
    return table.csv();
  }

  /** The results of a part as {@code part.result}. */
  private static Map<String, Object> flat(Map<String, Object> evaluation) {
    Map<String, Object> flat = new LinkedHashMap<>();
    evaluation.forEach(
        (name, value) -> {
          if (value instanceof Map<?, ?> part) {
            part.forEach((key, result) -> flat.put(name + "." + key, result));
          } else {
            flat.put(name, value);
          }
        });
    return flat;
  }
}
