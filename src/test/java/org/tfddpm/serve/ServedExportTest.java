package org.tfddpm.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.tfddpm.export.ExportOptions;
import org.tfddpm.export.Exporter;
import org.tfddpm.testing.TestRuns;

/** An export behind the server: a row's result is the same alone and in company. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ServedExportTest {
  private static final int CLIENTS = 6;

  private Served served;

  @BeforeAll
  void serve(@TempDir Path folder) throws IOException {
    var checkpoint =
        TestRuns.train(folder.resolve("run"), TestRuns.fastLearning("diffusion.steps=60"))
            .checkpoints()
            .latest(warning -> {});
    new Exporter(checkpoint, ExportOptions.of(folder, "tiny", "1")).export();
    served =
        new Served(
            List.of(folder.resolve("tiny").toString(), folder.resolve("tiny_sampler").toString()),
            Map.of());
  }

  @AfterAll
  void close() {
    served.close();
  }

  private double[] predict(String model, String request) {
    Served.Answer answer = served.post("/v1/models/" + model + ":predict", request);
    assertEquals(200, answer.status(), answer.body());
    try {
      List<Double> flat = new ArrayList<>();
      flatten(Objects.requireNonNull(JSON.std.mapFrom(answer.body()).get("outputs")), flat);
      return flat.stream().mapToDouble(Double::doubleValue).toArray();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void flatten(Object json, List<Double> flat) {
    if (json instanceof List<?> list) {
      list.forEach(part -> flatten(part, flat));
    } else {
      flat.add(((Number) json).doubleValue());
    }
  }

  /** An image as JSON. */
  private static String image(int seed) {
    Random random = new Random(seed);
    List<List<List<Double>>> rows = new ArrayList<>();
    for (int y = 0; y < 8; y++) {
      List<List<Double>> row = new ArrayList<>();
      for (int x = 0; x < 8; x++) {
        row.add(List.of(random.nextGaussian()));
      }
      rows.add(row);
    }
    return rows.toString();
  }

  private static String eps(int... seeds) {
    List<String> images = new ArrayList<>();
    List<Integer> t = new ArrayList<>();
    for (int seed : seeds) {
      images.add(image(seed));
      t.add(seed % 60);
    }
    return "{\"signature_name\": \"eps\", \"inputs\": {\"x\": " + images + ", \"t\": " + t + "}}";
  }

  private static String sample(int seed) {
    return "{\"signature_name\": \"sample_10\", \"inputs\": {\"seed\": ["
        + seed
        + "], \"eta\": [0.5]}}";
  }

  private void aloneAndInCompany(String model, List<String> requests, double tolerance)
      throws Exception {
    List<double[]> alone = requests.stream().map(request -> predict(model, request)).toList();
    ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    try {
      for (int round = 0; round < 3; round++) {
        List<CompletableFuture<double[]>> together =
            requests.stream()
                .map(r -> CompletableFuture.supplyAsync(() -> predict(model, r), threads))
                .toList();
        for (int i = 0; i < alone.size(); i++) {
          double[] expected = alone.get(i);
          double[] given = together.get(i).get();
          assertEquals(expected.length, given.length);
          for (int j = 0; j < given.length; j++) {
            assertEquals(expected[j], given[j], tolerance);
          }
        }
      }
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void epsIsTheSameInCompany() throws Exception {
    aloneAndInCompany(
        "tiny", List.of(eps(1), eps(2, 3, 4), eps(5), eps(6, 7), eps(8), eps(9)), 1e-5);
    double[] several = predict("tiny", eps(2, 3, 4));
    double[] one = predict("tiny", eps(3));
    for (int i = 0; i < one.length; i++) {
      assertEquals(one[i], several[64 + i], 1e-5);
    }
  }

  @Test
  void picturesAreTheSameInCompany() throws Exception {
    aloneAndInCompany(
        "tiny_sampler", List.of(sample(1), sample(2), sample(3), sample(4), sample(5)), 1);
    String metrics = served.get("/monitoring/prometheus/metrics").body();
    double merged =
        metrics
            .lines()
            .filter(l -> l.contains("real_batch_size_max{model_name=\"tiny_sampler\"}"))
            .mapToDouble(l -> Double.parseDouble(l.substring(l.lastIndexOf(' ') + 1)))
            .max()
            .orElse(0);
    assertTrue(merged > 1, metrics);
  }
}
