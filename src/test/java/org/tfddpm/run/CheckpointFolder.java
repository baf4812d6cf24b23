package org.tfddpm.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.tfddpm.run.Checkpoints.Checkpoint;
import org.tfddpm.spec.GraphSpec;
import org.tfddpm.testing.Trees;

/** A folder of checkpoints whose tensor files are short texts. */
record CheckpointFolder(Path path) {
  Checkpoints checkpoints() {
    return new Checkpoints(path);
  }

  static CheckpointInfo info(long step) {
    return CheckpointInfo.newBuilder()
        .setStep(step)
        .setSpec(
            GraphSpec.newBuilder()
                .setName("digits")
                .setImage(GraphSpec.Image.newBuilder().setHeight(8).setWidth(8)))
        .addTensors(CheckpointInfo.StoredTensor.newBuilder().setName("live/kernel").addShape(3))
        .build();
  }

  /** What the graph's saver does: two files that begin with the prefix. */
  static void tensors(String prefix) throws IOException {
    String name = String.valueOf(Path.of(prefix).getFileName());
    Files.writeString(Path.of(prefix + ".index"), "index of " + name);
    Files.writeString(Path.of(prefix + ".data-00000-of-00001"), "data of " + name);
  }

  void write(long step, int keep) throws IOException {
    checkpoints().write(info(step), CheckpointFolder::tensors, keep);
  }

  /** The latest checkpoint, which must be found without a warning. */
  Checkpoint latest() throws IOException {
    List<String> warnings = new ArrayList<>();
    Checkpoint latest = checkpoints().latest(warnings::add);
    assertEquals(List.of(), warnings);
    return latest;
  }

  Path index(long step) {
    return path.resolve(String.format("step-%08d.index", step));
  }

  Path data(long step) {
    return path.resolve(String.format("step-%08d.data-00000-of-00001", step));
  }

  Path textproto(long step) {
    return path.resolve(String.format("step-%08d.textproto", step));
  }

  Path named() {
    return path.resolve("latest");
  }

  /**
   * The folder holds the checkpoints of these steps, the name of the last one, and nothing else.
   */
  void assertHolds(int... steps) throws IOException {
    String expected =
        Stream.concat(
                Stream.of(named()),
                Arrays.stream(steps)
                    .boxed()
                    .flatMap(step -> Stream.of(index(step), data(step), textproto(step))))
            .map(file -> path.relativize(file).toString())
            .sorted()
            .collect(Collectors.joining(" "));
    assertEquals(expected, Trees.of(path));
    String last = String.format("step-%08d%n", steps[steps.length - 1]);
    assertEquals(last, Files.readString(named()));
  }
}
