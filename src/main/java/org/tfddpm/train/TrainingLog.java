package org.tfddpm.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.tfddpm.run.AtomicFile;
import org.tfddpm.run.Metrics;
import org.tfddpm.run.Png;
import org.tfddpm.run.Progress;
import org.tfddpm.run.RunDirectory;
import org.tfddpm.run.TensorBoard;
import org.tfddpm.spec.GraphSpec;
import org.tfddpm.train.TrainingGraph.StepResult;

/** What training tells of its steps: metrics.jsonl, TensorBoard and the progress line. */
final class TrainingLog implements AutoCloseable {
  /** How much of the shown loss and speed is the newest step's: about the last 50 count. */
  private static final double NEWEST = 0.02;

  private final RunDirectory run;
  private final GraphSpec.Training training;
  private final long steps;
  private final Progress progress;
  private final Metrics metrics;
  private final TensorBoard board;
  private final double began = now();
  private double lossSum;
  private double accuracySum;
  private long stepsSummed;
  private double lineBegan = began;
  private double shownLoss = Double.NaN;
  private double shownStepSeconds = Double.NaN;
  private double stepBegan = began;

  /**
   * The log of a run that goes on after a step.
   *
   * @param steps where it is to end
   */
  TrainingLog(RunDirectory run, long step, long steps, Progress progress) throws IOException {
    this.run = run;
    this.training = run.spec().getTraining();
    this.steps = steps;
    this.progress = progress;
    this.metrics = new Metrics(run.metrics(), step);
    this.board = new TensorBoard(run.path(), step, Clock.systemUTC());
  }

  /** A step has been taken; step counts it. */
  void step(long step, StepResult result) throws IOException {
    double now = now();
    lossSum += result.loss();
    accuracySum += result.accuracy() == null ? 0 : result.accuracy();
    stepsSummed++;
    shownLoss = moving(shownLoss, result.loss());
    // The first step of a process builds and optimises, which says nothing of the others.
    if (stepBegan != began) {
      shownStepSeconds = moving(shownStepSeconds, now - stepBegan);
    }
    stepBegan = now;
    double stepSeconds = Double.isNaN(shownStepSeconds) ? now - began : shownStepSeconds;
    progress.step(
        step,
        shownLoss,
        training.getBatchSize() / stepSeconds,
        (steps - step) * stepSeconds,
        now - began);
    if (step % training.getLogEvery() == 0 || step == steps) {
      Metrics.Line line =
          new Metrics.Line(
              step,
              lossSum / stepsSummed,
              result.accuracy() == null ? null : accuracySum / stepsSummed,
              result.gradNorm(),
              result.learningRate(),
              stepsSummed * training.getBatchSize() / (now - lineBegan),
              now - began);
      metrics.append(line);
      board.scalars(line);
      lossSum = 0;
      accuracySum = 0;
      stepsSummed = 0;
      lineBegan = now;
    }
  }

  /** A grid of samples of a step. */
  void grid(long step, Png png) throws IOException {
    Path file = run.sampleGrid(step);
    Files.createDirectories(file.getParent());
    AtomicFile.write(file, png.bytes());
    board.image(step, "samples", png);
  }

  /** What was done since the last step, saving or drawing, is no part of the next one's time. */
  void resume() {
    double pause = now() - stepBegan;
    stepBegan += pause;
    lineBegan += pause;
  }

  @Override
  public void close() throws IOException {
    board.close();
  }

  private static double moving(double mean, double newest) {
    return Double.isNaN(mean) ? newest : mean + NEWEST * (newest - mean);
  }

  private static double now() {
    return System.nanoTime() / 1e9;
  }
}
