package org.tfddpm.export;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TUint8;
import org.tfddpm.diffusion.schedule.Spacing;
import org.tfddpm.model.Model;
import org.tfddpm.nn.Precision;
import org.tfddpm.run.Checkpoints.Checkpoint;
import org.tfddpm.spec.GraphSpec;

/** Loads what was exported, as a server would, and compares it with the training's network. */
final class ExportCheck implements AutoCloseable {
  private static final int ROWS = 3;

  /**
   * How far it may be from the training's network.
   *
   * @param values of the larger of 1 and the largest of their image: graphs are optimised
   *     differently, so sums are taken in other orders
   * @param levels of 255: rounding to a pixel can go the other way for a value halfway between two
   * @param share of the pixels that may be off at all
   */
  private record Tolerance(float values, int levels, double share) {
    static Tolerance of(Precision precision) {
      return switch (precision) {
        case FLOAT32 -> new Tolerance(1e-4f, 1, 0.01);
        // Eight bits of each factor of a convolution, through all layers and steps.
        case BFLOAT16 -> new Tolerance(0.1f, 64, 1);
      };
    }
  }

  private final Model model;
  private final Tolerance tolerance;
  private final TrainingReference reference;

  ExportCheck(Model model, Checkpoint checkpoint, Precision precision) {
    this.model = model;
    this.tolerance = Tolerance.of(precision);
    this.reference = new TrainingReference(model, checkpoint);
  }

  /** Compares eps and ddim_step. */
  void core(Path folder) {
    int last = model.schedule().steps() - 1;
    try (SavedModelBundle served = SavedModelBundle.load(folder.toString(), SavedModels.TAG);
        TFloat32 x = noise(model.spec().getImage());
        TInt32 t = TInt32.vectorOf(last, last / 2, 0);
        TInt32 tPrev = TInt32.vectorOf(last / 2, 0, -1);
        Told told = Told.by(model)) {
      try (Result expected = reference.epsilon(x, t, told.tensors());
          Result given =
              served.function("eps").call(told.label().with("x", x).with("t", t).tensors())) {
        compare("eps", floats(expected.get(0)), floats(given.get(0)));
      }
      try (Result expected = reference.step(x, t, tPrev, told.tensors());
          Result given =
              served
                  .function("ddim_step")
                  .call(told.with("x", x).with("t", t).with("t_prev", tPrev).tensors())) {
        compare("ddim_step", floats(expected.get(0)), floats(given.get(0)));
      }
    }
  }

  /** Compares a loop of a number of steps with as many single steps. */
  void sampler(Path folder, int steps) {
    try (SavedModelBundle served = SavedModelBundle.load(folder.toString(), SavedModels.TAG);
        TInt32 seeds = TInt32.vectorOf(0, 1, 2);
        TFloat32 eta = TFloat32.vectorOf(0, 0, 0);
        Told told = Told.by(model)) {
      Result x = reference.noise(seeds);
      int[] tau = Spacing.uniform(steps).timesteps(model.schedule());
      for (int i = steps - 1; i >= 0; i--) {
        try (Result before = x;
            TInt32 t = rows(tau[i]);
            TInt32 tPrev = rows(i == 0 ? -1 : tau[i - 1])) {
          x = reference.step((TFloat32) before.get(0), t, tPrev, told.tensors());
        }
      }
      String key = "sample_" + steps;
      try (Result last = x;
          Result expected = reference.pixels((TFloat32) last.get(0));
          Result given =
              served.function(key).call(told.with("seed", seeds).with("eta", eta).tensors())) {
        comparePixels(key, bytes(expected.get(0)), bytes(given.get(0)));
      }
    }
  }

  @Override
  public void close() {
    reference.close();
  }

  /** Inputs of a signature: labels, low-resolution images and guidance, if any, and others. */
  private record Told(Map<String, Tensor> tensors) implements AutoCloseable {
    /** Three different labels where there are as many, with guidance that shows. */
    static Told by(Model model) {
      Map<String, Tensor> all = new HashMap<>();
      int classes = model.spec().getCondition().getClasses();
      if (model.isConditional()) {
        all.put("label", TInt32.vectorOf(0, 1 % classes, classes - 1));
      }
      if (model.upsampling() > 1) {
        all.put("low", noise(model.lowSize()));
      }
      if (model.allowsGuidance()) {
        all.put("guidance", TFloat32.vectorOf(0, 1.5f, 3));
      }
      return new Told(all);
    }

    Told with(String name, Tensor tensor) {
      Map<String, Tensor> more = new HashMap<>(tensors);
      more.put(name, tensor);
      return new Told(more);
    }

    /** The label alone. */
    Told label() {
      Map<String, Tensor> less = new HashMap<>(tensors);
      less.remove("guidance");
      return new Told(less);
    }

    @Override
    public void close() {
      tensors.values().forEach(Tensor::close);
    }
  }

  /** Relative to the largest value of each image: what a step multiplies, it rounds as coarsely. */
  private void compare(String signature, float[] expected, float[] given) {
    int size = expected.length / ROWS;
    for (int row = 0; row < expected.length; row += size) {
      float largest = 1;
      for (int i = row; i < row + size; i++) {
        largest = Math.max(largest, Math.abs(expected[i]));
      }
      for (int i = row; i < row + size; i++) {
        // Written so that NaN fails.
        if (!(Math.abs(expected[i] - given[i]) <= tolerance.values * largest)) {
          throw new IllegalStateException(
              String.format(
                  "the exported %s differs from the training's network: value %d is %s, not %s;"
                      + " nothing was published",
                  signature, i, given[i], expected[i]));
        }
      }
    }
  }

  private void comparePixels(String signature, byte[] expected, byte[] given) {
    int off = 0;
    int most = 0;
    for (int i = 0; i < expected.length; i++) {
      int difference = Math.abs((expected[i] & 0xFF) - (given[i] & 0xFF));
      off += difference == 0 ? 0 : 1;
      most = Math.max(most, difference);
    }
    if (most > tolerance.levels || off > tolerance.share * expected.length) {
      throw new IllegalStateException(
          String.format(
              "the exported %s differs from single steps in %d of %d pixels, by up to %d; nothing was"
                  + " published",
              signature, off, expected.length, most));
    }
  }

  private static TFloat32 noise(GraphSpec.Image size) {
    float[] values = new float[ROWS * size.getHeight() * size.getWidth() * size.getChannels()];
    Random random = new Random(0);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return TFloat32.tensorOf(
        Shape.of(ROWS, size.getHeight(), size.getWidth(), size.getChannels()),
        DataBuffers.of(values, true, false));
  }

  private static TInt32 rows(int value) {
    int[] values = new int[ROWS];
    Arrays.fill(values, value);
    return TInt32.vectorOf(values);
  }

  private static float[] floats(Tensor tensor) {
    float[] values = new float[(int) tensor.shape().size()];
    ((TFloat32) tensor).copyTo(DataBuffers.of(values, false, false));
    return values;
  }

  private static byte[] bytes(Tensor tensor) {
    byte[] values = new byte[(int) tensor.shape().size()];
    ((TUint8) tensor).copyTo(DataBuffers.of(values, false, false));
    return values;
  }
}
