package org.tfddpm.evaluate;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Columns with a heading each: for people in aligned columns, for programs as CSV (RFC 4180). */
public final class Table {
  private final List<String> header;
  private final List<List<Object>> rows = new ArrayList<>();

  /** Without rows as yet. */
  public Table(List<String> header) {
    this.header = List.copyOf(header);
  }

  /** A row: words, numbers, an Estimate with its deviation; "" where there is nothing to say. */
  public Table row(List<?> cells) {
    if (cells.size() != header.size()) {
      throw new IllegalArgumentException(cells + " below " + header);
    }
    rows.add(List.copyOf(cells));
    return this;
  }

  /** Aligned columns, numbers to four digits. */
  public String text() {
    List<List<String>> lines = new ArrayList<>();
    lines.add(header);
    rows.forEach(row -> lines.add(row.stream().map(Table::words).toList()));
    List<Integer> widths = new ArrayList<>(Collections.nCopies(header.size(), 0));
    for (List<String> line : lines) {
      for (int i = 0; i < widths.size(); i++) {
        widths.set(i, Math.max(widths.get(i), line.get(i).length()));
      }
    }
    StringBuilder text = new StringBuilder();
    for (List<String> line : lines) {
      StringBuilder row = new StringBuilder();
      for (int i = 0; i < widths.size(); i++) {
        row.append(line.get(i)).append(" ".repeat(widths.get(i) - line.get(i).length() + 2));
      }
      text.append(row.toString().stripTrailing()).append("\n");
    }
    return text.toString();
  }

  /** Comma-separated values, numbers in full. */
  public String csv() {
    StringBuilder csv = new StringBuilder(line(header));
    rows.forEach(row -> csv.append(line(row)));
    return csv.toString();
  }

  private static String line(List<?> cells) {
    return cells.stream().map(cell -> quoted(cell.toString())).collect(Collectors.joining(","))
        + "\n";
  }

  private static String quoted(String value) {
    boolean plain = value.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return plain ? value : '"' + value.replace("\"", "\"\"") + '"';
  }

  private static String words(Object cell) {
    if (cell instanceof Estimate estimate) {
      return words(estimate.mean())
          + " +- "
          + String.format(Locale.ROOT, "%.2g", estimate.deviation());
    }
    return cell instanceof Double number
        ? String.format(Locale.ROOT, "%.4g", number)
        : cell.toString();
  }
}
