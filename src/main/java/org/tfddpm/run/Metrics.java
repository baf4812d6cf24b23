package org.tfddpm.run;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** metrics.jsonl: one object a line, step by step. */
public final class Metrics {
  private final Path file;

  /**
   * The metrics of a run that has taken some steps. Lines of later steps, which an interrupted
   * process wrote after its last checkpoint, are dropped: those steps are taken again.
   */
  public Metrics(Path file, long step) throws IOException {
    this.file = file;
    if (Files.exists(file)) {
      List<String> kept = new ArrayList<>();
      // What a crash has left may be no UTF-8: bytes that are none become other characters.
      String content = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
      for (String line : content.lines().toList()) {
        if (stepOf(line) <= step) {
          kept.add(line + "\n");
        }
      }
      AtomicFile.write(file, String.join("", kept));
    }
  }

  /**
   * What is written every training.log_every steps.
   *
   * @param loss mean over the steps since the line before
   * @param accuracy the same of a classifier's accuracy, 0 ... 1; null of other models
   * @param gradNorm of the last step, before clipping
   * @param learningRate of the last step
   * @param imagesPerSecond since the line before
   * @param seconds since this process began to train
   */
  public record Line(
      long step,
      double loss,
      @Nullable Double accuracy,
      float gradNorm,
      float learningRate,
      double imagesPerSecond,
      double seconds) {
    Map<String, Object> asMap() {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("step", step);
      map.put("loss", loss);
      if (accuracy != null) {
        map.put("accuracy", accuracy);
      }
      map.put("grad_norm", gradNorm);
      map.put("learning_rate", learningRate);
      map.put("images_per_second", imagesPerSecond);
      map.put("seconds", seconds);
      return map;
    }
  }

  /** Appends a line. */
  public void append(Line line) throws IOException {
    Files.writeString(
        file,
        JSON.std.asString(line.asMap()) + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  private static long stepOf(String line) {
    try {
      return JSON.std.anyFrom(line) instanceof Map<?, ?> map
              && map.get("step") instanceof Number step
          ? step.longValue()
          : Long.MAX_VALUE;
    } catch (IOException e) {
      // A line cut short by a killed process.
      return Long.MAX_VALUE;
    }
  }
}
