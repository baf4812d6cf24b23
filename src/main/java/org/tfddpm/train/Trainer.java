package org.tfddpm.train;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.tensorflow.Session;
import org.tensorflow.proto.ConfigProto;
import org.tfddpm.data.OrderedReader;
import org.tfddpm.data.Source;
import org.tfddpm.diffusion.schedule.Spacing;
import org.tfddpm.model.Model;
import org.tfddpm.run.CheckpointInfo;
import org.tfddpm.run.Checkpoints;
import org.tfddpm.run.Checkpoints.Checkpoint;
import org.tfddpm.run.Png;
import org.tfddpm.run.Progress;
import org.tfddpm.run.RunDirectory;
import org.tfddpm.run.StoredWeights;
import org.tfddpm.sample.ImageSampler;
import org.tfddpm.sample.LowResolution;
import org.tfddpm.sample.Method;
import org.tfddpm.sample.Wanted;
import org.tfddpm.spec.BadInput;
import org.tfddpm.spec.GraphSpec;
import org.tfddpm.train.TrainingGraph.StepResult;

/** Trains a run, from its latest checkpoint or from the beginning, to a number of steps. */
public final class Trainer {
  private static final int GRID_IMAGES = 64;
  private static final int GRID_STEPS = 50;

  private final RunDirectory run;
  private final TrainingGraph graph;
  private final Model model;
  private final GraphSpec.Training training;
  private final ConfigProto config;
  private final Progress progress;
  private final BooleanSupplier stop;
  private final Checkpoints checkpoints;

  /**
   * A trainer.
   *
   * @param graph of the run's specification
   * @param stop asked after each step whether to save and end
   */
  public Trainer(
      RunDirectory run,
      TrainingGraph graph,
      ConfigProto config,
      Progress progress,
      BooleanSupplier stop) {
    this.run = run;
    this.graph = graph;
    this.model = Model.of(run.spec());
    this.training = run.spec().getTraining();
    this.config = config;
    this.progress = progress;
    this.stop = stop;
    this.checkpoints = run.checkpoints();
  }

  /**
   * Trains up to a number of steps in all; saves every so often, at the end, and when stopped.
   *
   * @throws TrainingFailed if the loss or a gradient is not finite, or the state cannot be saved
   * @throws BadInput if another process trains this run
   */
  @SuppressWarnings("try") // the lock is held, not used
  public void train(long steps) throws IOException {
    try (Closeable lock = run.lock();
        Session session = new Session(graph.graph(), config)) {
      long step = restore(session);
      if (step >= steps) {
        progress.say(run.path() + " has taken " + step + " of " + steps + " steps already");
        return;
      }
      graph.startInput(session);
      try (TrainingLog log = new TrainingLog(run, step, steps, progress)) {
        loop(session, step, steps, log);
      }
    }
  }

  private void loop(Session session, long from, long steps, TrainingLog log) throws IOException {
    for (long step = from + 1; step <= steps; step++) {
      StepResult result = step(session, step);
      log.step(step, result);
      boolean ends = step == steps || stop.getAsBoolean();
      if (ends || step % training.getCheckpointEvery() == 0) {
        save(session, step);
      }
      if (drawsAt(step, steps)) {
        log.grid(step, grid(session));
      }
      if (ends) {
        return;
      }
      log.resume();
    }
  }

  /** Whether a grid is due: every so often and at the end; a classifier has none to draw. */
  private boolean drawsAt(long step, long steps) {
    long every = training.getSampleEvery();
    return every > 0 && !model.isClassifier() && (step % every == 0 || step == steps);
  }

  /** Takes a step; one that fails for a broken image is taken again without it. */
  private StepResult step(Session session, long step) {
    StepResult result;
    try {
      result = graph.run(session);
    } catch (RuntimeException e) {
      if (!graph.leaveOutBrokenImages(session, step - 1, training.getBatchSize())) {
        throw e;
      }
      return step(session, step);
    }
    if (!result.isFinite()) {
      throw new TrainingFailed(
          String.format(
              "step %d: the loss is %s and the norm of the gradients %s; nothing of it is saved, the"
                  + " latest checkpoint is good",
              step, result.loss(), result.gradNorm()));
    }
    return result;
  }

  /** Goes on from the latest checkpoint where there is one, and gives the steps taken. */
  private long restore(Session session) throws IOException {
    if (!checkpoints.any()) {
      return 0;
    }
    Checkpoint latest = checkpoints.latest(progress::say);
    graph.saver().restore(session, latest.prefix());
    progress.say(run.path() + ": continuing after step " + latest.step());
    return latest.step();
  }

  private void save(Session session, long step) {
    CheckpointInfo info =
        CheckpointInfo.newBuilder()
            .setStep(step)
            .setSpec(run.spec())
            .addAllTensors(graph.saver().tensors())
            .setDataFingerprint(graph.dataFingerprint())
            .build();
    try {
      checkpoints.write(
          info, prefix -> graph.saver().write(session, prefix), training.getKeepCheckpoints());
    } catch (IOException | RuntimeException e) {
      throw new TrainingFailed(
          "step "
              + step
              + ": the checkpoint cannot be written, the one before is the latest: "
              + e.getMessage(),
          e);
    }
  }

  /** Low-resolution images of the first images of the data, for a model that sees them. */
  private List<float[]> low() {
    if (model.upsampling() == 1) {
      return List.of();
    }
    GraphSpec spec = run.spec();
    Source source = Source.open(spec.getData().getSource());
    try (OrderedReader reader =
        new OrderedReader(source, spec.getImage(), GRID_IMAGES, progress::say, config)) {
      return LowResolution.of(reader.next().orElseThrow().images(), model);
    }
  }

  private Png grid(Session session) {
    int steps = Math.min(GRID_STEPS, model.schedule().steps());
    ImageSampler.Options options =
        new ImageSampler.Options(Method.DDIM_DETERMINISTIC, Spacing.uniform(steps))
            .with(Wanted.ALL.withLow(low()));
    try (StoredWeights averages = graph.averages(session);
        ImageSampler sampler = new ImageSampler(model, averages.byPath(), options, config)) {
      return Png.grid(sampler.sample(0, GRID_IMAGES, GRID_IMAGES));
    }
  }
}
