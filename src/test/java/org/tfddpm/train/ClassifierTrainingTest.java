package org.tfddpm.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Session;
import org.tfddpm.data.Source;
import org.tfddpm.model.Model;
import org.tfddpm.run.RunDirectory;
import org.tfddpm.spec.GraphSpec;
import org.tfddpm.testing.BadInputs;
import org.tfddpm.testing.TestRuns;
import org.tfddpm.testing.TestSpecs;
import org.tfddpm.train.TrainingGraph.StepResult;

class ClassifierTrainingTest {
  @TempDir Path folder;

  /** The logits start at 0: nothing is known, log 10 nats. Of five noise levels most can be. */
  @Test
  void trainingLowersTheCrossEntropyAndRaisesTheAccuracy() {
    GraphSpec spec =
        TestSpecs.tiny(
            "classifier.classes=10",
            "diffusion.steps=5",
            "training.batch_size=64",
            "training.learning_rate=0.01",
            "training.warmup_steps=1");
    List<StepResult> steps = new ArrayList<>();
    try (TrainingGraph graph = graph(spec);
        Session session = new Session(graph.graph())) {
      graph.startInput(session);
      for (int i = 0; i < 60; i++) {
        steps.add(graph.run(session));
      }
    }
    assertEquals(Math.log(10), steps.get(0).loss(), 1e-3);
    List<StepResult> last = steps.subList(50, 60);
    double loss = last.stream().mapToDouble(StepResult::loss).average().orElse(9);
    double accuracy =
        last.stream()
            .mapToDouble(step -> Objects.requireNonNull(step.accuracy()))
            .average()
            .orElse(0);
    assertTrue(loss < 1.2, "loss " + loss);
    assertTrue(accuracy > 0.6, "accuracy " + accuracy);
  }

  /** In parts as in one go; and though grids are asked for, there is nothing to draw. */
  @Test
  void continuedIsUninterruptedByteForByte() throws IOException {
    String[] settings = {
      "classifier.classes=10",
      "unet.dropout=0.1",
      "training.sample_every=1",
      "training.checkpoint_every=2"
    };
    GraphSpec spec = TestSpecs.tiny(settings);
    RunDirectory whole = TestRuns.train(folder.resolve("whole"), steps(spec, 4));
    RunDirectory parts = TestRuns.train(folder.resolve("parts"), steps(spec, 2));
    TestRuns.proceed(parts, 4);
    for (String part : new String[] {".index", ".data-00000-of-00001"}) {
      assertArrayEquals(checkpoint(whole, part), checkpoint(parts, part), part);
    }
    assertTrue(Files.notExists(whole.path().resolve("samples")));
    assertTrue(Files.readString(whole.metrics()).contains("\"accuracy\":"));
  }

  @Test
  void otherClassesThanTheDatasAreRefused() {
    assertEquals(
        "classifier.classes is 3: bundled:digits has 10, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9",
        BadInputs.messageOf(() -> graph(TestSpecs.tiny("classifier.classes=3"))));
  }

  private static GraphSpec steps(GraphSpec spec, long steps) {
    GraphSpec.Builder builder = spec.toBuilder();
    builder.getTrainingBuilder().setSteps(steps);
    return builder.build();
  }

  private static byte[] checkpoint(RunDirectory run, String part) throws IOException {
    return Files.readAllBytes(run.path().resolve("checkpoints/step-00000004" + part));
  }

  private static TrainingGraph graph(GraphSpec spec) {
    return new TrainingGraph(
        Model.of(spec), Source.open(spec.getData().getSource()), warning -> {});
  }
}
