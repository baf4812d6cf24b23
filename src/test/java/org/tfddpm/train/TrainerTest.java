package org.tfddpm.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.proto.ConfigProto;
import org.tfddpm.data.Source;
import org.tfddpm.model.Model;
import org.tfddpm.run.Progress;
import org.tfddpm.run.RunDirectory;
import org.tfddpm.spec.GraphSpec;
import org.tfddpm.testing.TestSpecs;

class TrainerTest {
  private static final GraphSpec SPEC = TestSpecs.tiny("unet.dropout=0.1");

  @TempDir Path folder;
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();

  /** The history of losses, too, which fills within the six steps. */
  @ParameterizedTest
  @ValueSource(strings = {"UNIFORM", "LOSS_SECOND_MOMENT"})
  void continuedIsUninterruptedByteForByte(String timeSampling) throws IOException {
    GraphSpec spec =
        TestSpecs.tiny(
            "unet.dropout=0.1",
            "diffusion.time_sampling=" + timeSampling,
            "diffusion.steps=3",
            "training.batch_size=16");
    RunDirectory whole = RunDirectory.create(folder.resolve("whole"), spec);
    train(whole, 6, () -> false);

    RunDirectory parts = RunDirectory.create(folder.resolve("parts"), spec);
    AtomicInteger asked = new AtomicInteger();
    train(parts, 6, () -> asked.incrementAndGet() == 2);
    assertEquals("step-00000002", latest(parts));
    train(parts, 6, () -> false);
    assertTrue(said.toString(StandardCharsets.UTF_8).contains("continuing after step 2"));

    for (String part : new String[] {".index", ".data-00000-of-00001", ".textproto"}) {
      assertArrayEquals(checkpoint(whole, 6, part), checkpoint(parts, 6, part), part);
    }
    // The comparison can tell steps apart.
    assertTrue(
        !Arrays.equals(
            checkpoint(whole, 3, ".data-00000-of-00001"),
            checkpoint(whole, 6, ".data-00000-of-00001")));
    assertEquals(lossesOf(whole), lossesOf(parts));
  }

  @Test
  void leavesWhatARunDirectoryHolds() throws IOException {
    GraphSpec spec = TestSpecs.tiny("training.sample_every=4", "training.keep_checkpoints=2");
    RunDirectory run = RunDirectory.create(folder.resolve("run"), spec);
    train(run, 7, () -> false);
    assertEquals("step-00000007", latest(run));
    assertTrue(Files.exists(run.path().resolve("checkpoints/step-00000006.index")));
    assertTrue(Files.notExists(run.path().resolve("checkpoints/step-00000003.index")));
    assertTrue(Files.exists(run.path().resolve("samples/step-00000004.png")));
    assertTrue(Files.exists(run.path().resolve("samples/step-00000007.png")));
    assertEquals(7, Files.readAllLines(run.metrics()).size());
  }

  @Test
  void aFinishedRunSaysSo() throws IOException {
    RunDirectory run = RunDirectory.create(folder.resolve("run"), SPEC);
    train(run, 2, () -> false);
    byte[] before = checkpoint(run, 2, ".index");
    train(run, 2, () -> false);
    assertTrue(said.toString(StandardCharsets.UTF_8).contains("has taken 2 of 2 steps already"));
    assertArrayEquals(before, checkpoint(run, 2, ".index"));
  }

  @Test
  void aLossThatIsNotFiniteEndsTheRunAndLeavesTheGoodCheckpoint() throws IOException {
    GraphSpec spec =
        TestSpecs.tiny(
            "training.learning_rate=1e30",
            "training.warmup_steps=0",
            "training.checkpoint_every=1");
    RunDirectory run = RunDirectory.create(folder.resolve("run"), spec);
    var error = assertThrows(TrainingFailed.class, () -> train(run, 9, () -> false));
    String message = String.valueOf(error.getMessage());
    assertTrue(
        message.matches("step \\d: the loss is \\S+ and the norm of the gradients \\S+; .*"),
        message);
    assertTrue(message.contains("NaN") || message.contains("Infinity"), message);
    long failed = Long.parseLong(message.substring(5, 6));
    assertEquals(String.format("step-%08d", failed - 1), latest(run));
    assertEquals(failed - 1, run.checkpoints().latest(said -> {}).step());
  }

  @Test
  void aCheckpointThatCannotBeWrittenIsSaid() throws IOException {
    RunDirectory run = RunDirectory.create(folder.resolve("run"), SPEC);
    Files.writeString(run.path().resolve("checkpoints"), "in the way");
    var error = assertThrows(TrainingFailed.class, () -> train(run, 3, () -> false));
    String message = String.valueOf(error.getMessage());
    assertTrue(message.startsWith("step 3: the checkpoint cannot be written"), message);
  }

  private void train(RunDirectory run, long steps, BooleanSupplier stop) throws IOException {
    Progress progress =
        new Progress(new PrintStream(said, true, StandardCharsets.UTF_8), false, steps);
    Source source = Source.open(run.spec().getData().getSource());
    try (TrainingGraph graph = new TrainingGraph(Model.of(run.spec()), source, progress::say)) {
      new Trainer(run, graph, ConfigProto.getDefaultInstance(), progress, stop).train(steps);
    }
  }

  private static String latest(RunDirectory run) throws IOException {
    return Files.readString(run.path().resolve("checkpoints/latest")).strip();
  }

  private static byte[] checkpoint(RunDirectory run, long step, String part) throws IOException {
    return Files.readAllBytes(
        run.path().resolve(String.format("checkpoints/step-%08d%s", step, part)));
  }

  /** Steps and losses of metrics.jsonl, without times. */
  private static String lossesOf(RunDirectory run) throws IOException {
    return Files.readString(run.metrics()).replaceAll(",\"images_per_second.*", "");
  }
}
