package org.tfddpm.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.tensorflow.proto.ConfigProto;
import org.tfddpm.data.Source;
import org.tfddpm.model.Model;
import org.tfddpm.run.Progress;
import org.tfddpm.run.RunDirectory;
import org.tfddpm.spec.GraphSpec;
import org.tfddpm.train.Trainer;
import org.tfddpm.train.TrainingGraph;

/** Runs of tiny models. */
public final class TestRuns {
  private TestRuns() {}

  /**
   * A model whose weights are far from where they began, and whose averages are not its weights.
   */
  public static GraphSpec fastLearning(String... more) {
    String[] settings = new String[more.length + 4];
    System.arraycopy(more, 0, settings, 4, more.length);
    settings[0] = "training.learning_rate=0.02";
    settings[1] = "training.warmup_steps=0";
    settings[2] = "training.ema_decay=0.6";
    settings[3] = "training.steps=12";
    return TestSpecs.tiny(settings);
  }

  /** Trains a model and gives its run. */
  public static RunDirectory train(Path folder, GraphSpec spec) throws IOException {
    RunDirectory run = RunDirectory.create(folder, spec);
    proceed(run, spec.getTraining().getSteps());
    return run;
  }

  /** Trains a run up to a number of steps in all. */
  public static void proceed(RunDirectory run, long steps) throws IOException {
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    Progress progress = new Progress(nowhere, false, steps);
    Source source = Source.open(run.spec().getData().getSource());
    try (TrainingGraph graph = new TrainingGraph(Model.of(run.spec()), source, progress::say)) {
      new Trainer(run, graph, ConfigProto.getDefaultInstance(), progress, () -> false).train(steps);
    }
  }
}
