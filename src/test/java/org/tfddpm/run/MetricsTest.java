package org.tfddpm.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tfddpm.testing.Trees;

class MetricsTest {
  @TempDir Path folder;
  private Path file = Path.of("");

  @BeforeEach
  void name() {
    file = folder.resolve("metrics.jsonl");
  }

  @Test
  void writesOneObjectALine() throws IOException {
    Metrics metrics = new Metrics(file, 0);
    assertFalse(Files.exists(file));
    metrics.append(new Metrics.Line(50, 0.125, 0.5, 2.5f, 1e-4f, 800.25, 4));
    metrics.append(new Metrics.Line(100, 1e-9, null, 1e9f, 0, 1.5, 3600.5));
    List<String> lines = Files.readAllLines(file);
    assertEquals(
        "{\"step\":50,\"loss\":0.125,\"accuracy\":0.5,\"grad_norm\":2.5,\"learning_rate\":1.0E-4,"
            + "\"images_per_second\":800.25,\"seconds\":4.0}",
        lines.get(0));
    assertEquals(
        Map.of(
            "step", 100,
            "loss", 1e-9,
            "grad_norm", 1e9,
            "learning_rate", 0.0,
            "images_per_second", 1.5,
            "seconds", 3600.5),
        JSON.std.mapFrom(lines.get(1)));
    assertEquals(2, lines.size());
  }

  /** Steps after the checkpoint are taken again; those before it stay as they were, to the byte. */
  @Test
  void dropsLaterStepsOnResume() throws IOException {
    write(50, 100, 150, 200);
    List<String> lines = Files.readAllLines(file);
    Metrics metrics = new Metrics(file, 100);
    assertEquals(lines.subList(0, 2), Files.readAllLines(file));
    metrics.append(line(150));
    assertEquals(lines.subList(0, 3), Files.readAllLines(file));
    assertEquals("metrics.jsonl", Trees.of(folder));
  }

  @Test
  void keepsEverythingUpToTheStep() throws IOException {
    write(50, 100);
    String content = Files.readString(file);
    new Metrics(file, 120).append(line(150));
    assertEquals(3, Files.readAllLines(file).size());
    assertEquals(content, Files.readString(file).substring(0, content.length()));
  }

  @Test
  void dropsEverythingWithoutACheckpoint() throws IOException {
    write(50, 100);
    new Metrics(file, 0).append(line(50));
    assertEquals(List.of(50), steps());
  }

  /** At whatever byte a killed process stopped, the next line is one of its own. */
  @Test
  void dropsALineCutShort() throws IOException {
    write(50, 100);
    String content = Files.readString(file);
    int second = content.indexOf('\n') + 1;
    for (int length = second; length < content.length(); length++) {
      Files.writeString(file, content.substring(0, length));
      new Metrics(file, 100).append(line(150));
      boolean whole = length == content.length() - 1;
      assertEquals(whole ? List.of(50, 100, 150) : List.of(50, 150), steps(), "length " + length);
    }
  }

  /** A crash of the machine can leave anything where a line was. */
  @Test
  void dropsWhatIsNoMetric() throws IOException {
    write(50);
    for (String line :
        new String[] {
          "", "\0\0\0", "null", "[50]", "7", "{}", "{\"step\":\"x\"}", "\u00FF\u00FE"
        }) {
      Files.writeString(file, line + "\n", StandardCharsets.ISO_8859_1, StandardOpenOption.APPEND);
    }
    new Metrics(file, 100).append(line(100));
    assertEquals(List.of(50, 100), steps());
  }

  private void write(long... steps) throws IOException {
    Metrics metrics = new Metrics(file, Long.MAX_VALUE);
    for (long step : steps) {
      metrics.append(line(step));
    }
  }

  private static Metrics.Line line(long step) {
    return new Metrics.Line(step, 1.0 / step, null, step, 1e-3f, 100, step);
  }

  private List<Object> steps() throws IOException {
    List<Object> steps = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      steps.add(JSON.std.mapFrom(line).get("step"));
    }
    return steps;
  }
}
