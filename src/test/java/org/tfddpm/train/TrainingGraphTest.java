package org.tfddpm.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tfddpm.data.Source;
import org.tfddpm.model.Model;
import org.tfddpm.run.StoredWeights;
import org.tfddpm.spec.GraphSpec;
import org.tfddpm.testing.Floats;
import org.tfddpm.testing.TestSpecs;
import org.tfddpm.train.TrainingGraph.StepResult;

class TrainingGraphTest {
  @Test
  void theSameSeedGivesTheSameStepsAndAnotherSeedOthers() {
    GraphSpec spec = TestSpecs.tiny("unet.dropout=0.2", "data.horizontal_flip=true");
    List<StepResult> first = steps(spec, 5);
    assertEquals(first, steps(spec, 5));
    assertNotEquals(first, steps(TestSpecs.tiny("training.seed=1", "unet.dropout=0.2"), 5));
  }

  @Test
  void theLearningRateRisesOverTheWarmUp() {
    List<StepResult> steps =
        steps(TestSpecs.tiny("training.learning_rate=0.003", "training.warmup_steps=3"), 5);
    double[] rates = steps.stream().mapToDouble(StepResult::learningRate).toArray();
    assertArrayEquals(new double[] {.001, .002, .003, .003, .003}, rates, 1e-8);
  }

  @Test
  void theFirstLossIsTheNoiseItself() {
    // conv_out starts at zero, so the loss of the first step is the mean of epsilon squared: 1,
    // with
    // a variance of 2 over the number of values.
    float loss = steps(TestSpecs.tiny("training.batch_size=64"), 1).get(0).loss();
    assertEquals(1, loss, 5 * Math.sqrt(2.0 / (64 * 64)));
    assertNotEquals(1, loss);
  }

  @Test
  void trainingLowersTheLoss() {
    GraphSpec spec =
        TestSpecs.tiny(
            "training.batch_size=32", "training.learning_rate=0.003", "training.warmup_steps=1");
    List<StepResult> steps = steps(spec, 120);
    double last =
        steps.subList(100, 120).stream().mapToDouble(StepResult::loss).average().orElse(9);
    assertTrue(last < 0.5, "loss " + last);
  }

  /** Each class has a row of the table, and so has the hidden label; all of them learn. */
  @Test
  void labelsReachTheNetworkUnlessTheyAreHidden() {
    String[] settings = {
      "condition.classes=10", "training.batch_size=32", "training.learning_rate=0.003"
    };
    try (TrainingGraph graph = graph(TestSpecs.tiny(settings))) {
      List<String> paths = graph.weights().stream().map(weight -> weight.path()).toList();
      assertTrue(paths.contains("label.table"), paths.toString());
      long rows = graph.weights().get(paths.indexOf("label.table")).shape().get(0);
      assertEquals(11, rows);
      try (Session session = new Session(graph.graph())) {
        graph.startInput(session);
        graph.run(session);
        graph.run(session);
        // The first moment of each row is 0 unless a step had an image of its label, or, in the
        // last row, one whose label was hidden.
        try (Result result =
            session
                .runner()
                .fetch(graph.moments().get(2 * paths.indexOf("label.table")).value())
                .run()) {
          float[] moments = Floats.of(result.get(0));
          for (int row = 0; row < rows; row++) {
            double sum = 0;
            for (int i = row * moments.length / 11; i < (row + 1) * moments.length / 11; i++) {
              sum += Math.abs(moments[i]);
            }
            assertTrue(sum > 0, "row " + row);
          }
        }
      }
    }
  }

  @Test
  void averagesFollowTheWeightsByTheDecay() {
    // With decay 0 the average is the weight after each step.
    GraphSpec spec = TestSpecs.tiny("training.ema_decay=0");
    try (TrainingGraph graph = graph(spec);
        Session session = new Session(graph.graph())) {
      graph.startInput(session);
      graph.run(session);
      try (StoredWeights averages = graph.averages(session);
          StoredWeights weights = graph.weights(session)) {
        weights
            .byPath()
            .forEach(
                (path, weight) ->
                    assertEquals(
                        0,
                        Floats.largestDifference(
                            Floats.of(weight),
                            Floats.of(Objects.requireNonNull(averages.byPath().get(path)))),
                        1e-7,
                        path));
      }
    }
  }

  private static List<StepResult> steps(GraphSpec spec, int count) {
    List<StepResult> results = new ArrayList<>();
    try (TrainingGraph graph = graph(spec);
        Session session = new Session(graph.graph())) {
      graph.startInput(session);
      for (int i = 0; i < count; i++) {
        results.add(graph.run(session));
      }
      assertEquals(count, graph.stepsTaken(session));
    }
    return results;
  }

  private static TrainingGraph graph(GraphSpec spec) {
    return new TrainingGraph(
        Model.of(spec), Source.open(spec.getData().getSource()), warning -> {});
  }
}
