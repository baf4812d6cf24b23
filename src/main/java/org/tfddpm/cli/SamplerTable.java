package org.tfddpm.cli;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.tfddpm.evaluate.Distances;
import org.tfddpm.evaluate.Estimate;
import org.tfddpm.evaluate.Table;
import org.tfddpm.run.Axis;
import org.tfddpm.run.Plot;
import org.tfddpm.run.Png;

/** Distances by run, sampler and number of steps. */
final class SamplerTable {
  private final String source;
  private final int dataCount;
  private final Distances floor;
  private final String features;
  private final SharedSampling.Seeds seeds;
  private final NamedSpacing spacing;
  private final List<Run> runs = new ArrayList<>();

  /** A column of columns. */
  private record Run(String name, long step, int timeSteps, List<Cell> cells) {
    @Nullable Cell at(SamplerRow row, int steps) {
      return cells.stream()
          .filter(cell -> cell.row() == row && cell.steps() == steps)
          .findFirst()
          .orElse(null);
    }

    List<Integer> steps() {
      return List.copyOf(new TreeSet<>(cells.stream().map(Cell::steps).toList()));
    }
  }

  private record Cell(SamplerRow row, int steps, double frechet, Estimate kernel) {}

  /**
   * Without cells as yet.
   *
   * @param floor as many images of the data against the rest of it
   */
  SamplerTable(
      String source,
      int dataCount,
      Distances floor,
      String features,
      SharedSampling.Seeds seeds,
      NamedSpacing spacing) {
    this.source = source;
    this.dataCount = dataCount;
    this.floor = floor;
    this.features = features;
    this.seeds = seeds;
    this.spacing = spacing;
  }

  /** Begins a run, of which the cells are that follow. */
  void run(String name, long step, int timeSteps) {
    runs.add(new Run(name, step, timeSteps, new ArrayList<>()));
  }

  void cell(SamplerRow row, int steps, double frechet, Estimate kernel) {
    runs.get(runs.size() - 1).cells().add(new Cell(row, steps, frechet, kernel));
  }

  /** For people: Frechet distances, the runs side by side. */
  String words() {
    StringBuilder text = new StringBuilder("Frechet distance\n");
    text.append("pictures  ").append(seeds.count()).append(", ").append(seeds.words());
    text.append(", ").append(spacingName()).append("\n");
    text.append("data      ").append(dataCount).append(" images of ").append(source).append("\n");
    text.append("features  ").append(features).append("\n");
    List<String> header = new ArrayList<>(List.of("S"));
    for (int i = 0; i < runs.size(); i++) {
      String letter = runs.size() == 1 ? "" : letter(i) + " ";
      Run run = runs.get(i);
      text.append(runs.size() == 1 ? "run" : letter(i))
          .append(" ".repeat(runs.size() == 1 ? 7 : 9));
      text.append(run.name()).append(", step ").append(run.step());
      text.append(", T ").append(run.timeSteps()).append("\n");
      run.steps().forEach(steps -> header.add(letter + steps));
    }
    Table table = new Table(header);
    for (SamplerRow row : SamplerRow.values()) {
      List<Object> cells = new ArrayList<>(List.of(row.title()));
      for (Run run : runs) {
        for (int steps : run.steps()) {
          Cell cell = run.at(row, steps);
          cells.add(cell == null ? "" : cell.frechet());
        }
      }
      table.row(cells);
    }
    text.append("\n").append(table.text()).append("\n");
    text.append(
        String.format(
            Locale.ROOT,
            "%d of the data against the other %d: %.4g%n%n",
            floor.count(),
            floor.dataCount(),
            floor.frechet()));
    return text.toString();
  }

  /** For spreadsheets: a line for each cell. */
  String csv() {
    Table table =
        new Table(
            List.of(
                "run",
                "step",
                "sampler",
                "steps",
                "frechet_distance",
                "kernel_distance",
                "kernel_distance_standard_error"));
    for (Run run : runs) {
      for (Cell cell : run.cells()) {
        table.row(
            List.of(
                run.name(),
                run.step(),
                cell.row().title(),
                cell.steps(),
                cell.frechet(),
                cell.kernel().mean(),
                cell.kernel().deviation()));
      }
    }
    return table.csv();
  }

  /** For programs. */
  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("count", seeds.count());
    json.put("seed", seeds.first());
    json.put("spacing", spacingName());
    json.put("data", source);
    json.put("data_count", dataCount);
    json.put("features", features);
    Map<String, Object> within = new LinkedHashMap<>();
    within.put("count", floor.count());
    within.put("data_count", floor.dataCount());
    within.putAll(floor.byName());
    json.put("data_distances", within);
    List<Object> described = new ArrayList<>();
    for (Run run : runs) {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("run", run.name());
      map.put("step", run.step());
      map.put("time_steps", run.timeSteps());
      map.put("cells", run.cells().stream().map(SamplerTable::cell).toList());
      described.add(map);
    }
    json.put("runs", described);
    return json;
  }

  private static Map<String, Object> cell(Cell cell) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("sampler", cell.row().title());
    map.put("steps", cell.steps());
    map.put("frechet_distance", cell.frechet());
    map.put("kernel_distance", cell.kernel().mean());
    map.put("kernel_distance_standard_error", cell.kernel().deviation());
    return map;
  }

  /** Distance over steps, a plot for each run. */
  Png plot() {
    List<Plot> plots = new ArrayList<>();
    for (Run run : runs) {
      Plot plot =
          new Plot(
              run.name(),
              new Axis("S, time steps visited", true),
              new Axis("Frechet distance, " + features, true));
      for (SamplerRow row : SamplerRow.values()) {
        List<Cell> cells = run.cells().stream().filter(cell -> cell.row() == row).toList();
        plot.line(
            row.title(),
            cells.stream().map(cell -> (double) cell.steps()).toList(),
            cells.stream().map(Cell::frechet).toList());
      }
      List<Double> ends = run.steps().stream().map(steps -> (double) steps).toList();
      plot.line("the data", ends, Collections.nCopies(ends.size(), floor.frechet()));
      plots.add(plot);
    }
    return Plot.png(plots);
  }

  private String spacingName() {
    return spacing.name().toLowerCase(Locale.ROOT);
  }

  private static String letter(int run) {
    return String.valueOf((char) ('A' + run % 26)) + (run < 26 ? "" : String.valueOf(run / 26));
  }
}
