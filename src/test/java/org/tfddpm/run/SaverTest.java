package org.tfddpm.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TType;
import org.tfddpm.testing.Floats;
import org.tfddpm.testing.Trees;

class SaverTest {
  /** Not-a-number with a payload, infinity, minus zero, the least number, and two others. */
  private static final float[] KERNEL = {
    Float.intBitsToFloat(0x7fc12345), Float.NEGATIVE_INFINITY, -0f, Float.MIN_VALUE, 1f / 3, 1e30f
  };

  private static final long STEP = Long.MAX_VALUE - 1;

  @TempDir Path folder;

  /** A graph with a kernel [2,3] and a step, as a training graph has them. */
  private static final class Model implements AutoCloseable {
    final Graph graph = new Graph();
    final Saver saver;
    private final Session session;
    private final Operand<TFloat32> kernel;
    private final Operand<TInt64> step;

    Model(float[] initialKernel, long initialStep) {
      Ops tf = Ops.create(graph);
      Ops init = tf.withInitScope();
      Operand<? extends TType> kernelHandle =
          tf.varHandleOp(TFloat32.class, Shape.of(2, 3), VarHandleOp.sharedName("kernel"));
      Operand<? extends TType> stepHandle =
          tf.varHandleOp(TInt64.class, Shape.scalar(), VarHandleOp.sharedName("step"));
      try (TFloat32 value = Floats.tensor(initialKernel, 2, 3)) {
        init.assignVariableOp(kernelHandle, init.constantOf(value));
      }
      init.assignVariableOp(stepHandle, init.constant(initialStep));
      kernel = tf.readVariableOp(kernelHandle, TFloat32.class);
      step = tf.readVariableOp(stepHandle, TInt64.class);
      saver =
          new Saver(
              tf,
              List.of(
                  new Saver.Entry("live/kernel", kernelHandle, kernel),
                  new Saver.Entry("step", stepHandle, step)));
      session = new Session(graph);
    }

    void write(Path prefix) {
      saver.write(session, prefix.toString());
    }

    void restore(Path prefix) {
      saver.restore(session, prefix.toString());
    }

    void assertHolds(float[] expectedKernel, long expectedStep) {
      try (Result result = session.runner().fetch(kernel).fetch(step).run()) {
        assertArrayEquals(bits(expectedKernel), bits(Floats.of(result.get(0))));
        assertEquals(expectedStep, ((TInt64) result.get(1)).getLong());
      }
    }

    @Override
    public void close() {
      session.close();
      graph.close();
    }

    private static int[] bits(float[] values) {
      int[] bits = new int[values.length];
      Arrays.setAll(bits, i -> Float.floatToRawIntBits(values[i]));
      return bits;
    }
  }

  @Test
  void restoresEveryBit() {
    Path prefix = folder.resolve("saved");
    try (Model written = new Model(KERNEL, STEP)) {
      written.write(prefix);
    }
    try (Model read = new Model(new float[6], 0)) {
      read.restore(prefix);
      read.assertHolds(KERNEL, STEP);
    }
  }

  /** What is restored does not hang on the order in which a graph names its variables. */
  @Test
  void writesTwoFilesThatBeginWithThePrefix() throws IOException {
    try (Model model = new Model(KERNEL, STEP)) {
      model.write(folder.resolve("saved"));
      model.write(folder.resolve("again"));
    }
    assertEquals(
        "again.data-00000-of-00001 again.index saved.data-00000-of-00001 saved.index",
        Trees.of(folder));
    assertArrayEquals(
        Files.readAllBytes(folder.resolve("saved.data-00000-of-00001")),
        Files.readAllBytes(folder.resolve("again.data-00000-of-00001")));
  }

  @Test
  void describesItsTensors() {
    try (Model model = new Model(KERNEL, STEP)) {
      assertEquals(
          List.of(
              CheckpointInfo.StoredTensor.newBuilder()
                  .setName("live/kernel")
                  .addShape(2)
                  .addShape(3)
                  .build(),
              CheckpointInfo.StoredTensor.newBuilder().setName("step").build()),
          model.saver.tensors());
    }
  }

  @Test
  void failsAndChangesNothingWhereThereIsNothingToRead() {
    try (Model model = new Model(KERNEL, STEP)) {
      assertThrows(TensorFlowException.class, () -> model.restore(folder.resolve("missing")));
      model.assertHolds(KERNEL, STEP);
    }
  }

  @Test
  void failsWhereItCannotWrite() {
    try (Model model = new Model(KERNEL, STEP)) {
      assertThrows(
          TensorFlowException.class,
          () -> model.write(Files.writeString(folder.resolve("file"), "").resolve("saved")));
    }
  }
}
