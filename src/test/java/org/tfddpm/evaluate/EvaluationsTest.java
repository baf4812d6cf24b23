package org.tfddpm.evaluate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.tfddpm.testing.BadInputs.messageOf;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tfddpm.testing.Trees;

class EvaluationsTest {
  @TempDir Path folder;

  private static Map<String, Object> evaluation(long step, double eta, Map<String, ?> results) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("step", step);
    map.put("eta", eta);
    map.put("distances", results);
    return map;
  }

  @Test
  void settingsAreKeptOnce() throws IOException {
    Evaluations evaluations = new Evaluations(folder.resolve("evaluation"), "distances");
    assertEquals(
        List.of(
            folder.resolve("evaluation/distances.csv"),
            folder.resolve("evaluation/distances.json")),
        evaluations.add(evaluation(5, 0, Map.of("frechet", 1.5))));
    evaluations.add(evaluation(5, 0.2, Map.of("score", 0.1)));
    evaluations.add(evaluation(5, 0, Map.of("frechet", 2.5)));
    assertEquals(
        "step,eta,distances.frechet,distances.score\n5,0.0,2.5,\n5,0.2,,0.1\n",
        Files.readString(folder.resolve("evaluation/distances.csv")));
    assertEquals(
        2, JSON.std.listFrom(Files.readString(folder.resolve("evaluation/distances.json"))).size());
    byte[] before = Files.readAllBytes(folder.resolve("evaluation/distances.json"));
    evaluations.add(evaluation(5, 0, Map.of("frechet", 2.5)));
    assertArrayEquals(before, Files.readAllBytes(folder.resolve("evaluation/distances.json")));
    assertEquals("distances.csv distances.json", Trees.of(folder.resolve("evaluation")));
  }

  @Test
  void whatItHasNotWrittenIsLeftAlone() throws IOException {
    Path file = folder.resolve("distances.json");
    for (String content : List.of("years of work", "[1, 2]", "{\"a\": 1}")) {
      Files.writeString(file, content);
      assertEquals(
          file + ": not a list of evaluations; move it away",
          messageOf(
              () ->
                  new Evaluations(folder, "distances")
                      .add(evaluation(5, 0, Map.of("frechet", 1.5)))));
      assertEquals(content, Files.readString(file));
    }
  }
}
