package org.tfddpm.sample;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tfddpm.diffusion.Expr;
import org.tfddpm.diffusion.ReverseProcess;
import org.tfddpm.diffusion.SeededNormal;
import org.tfddpm.diffusion.Thresholding;
import org.tfddpm.diffusion.sampler.Churn;
import org.tfddpm.diffusion.sampler.DdimInversion;
import org.tfddpm.diffusion.sampler.DdpmSampler;
import org.tfddpm.diffusion.sampler.Sampler;
import org.tfddpm.model.Conditions;
import org.tfddpm.model.Model;
import org.tfddpm.nn.Init;
import org.tfddpm.nn.Net;
import org.tfddpm.spec.GraphSpec;
import org.tfddpm.testing.Graphs;
import org.tfddpm.testing.TestSpecs;

/** The loop inside the graph against its steps one after the other, with the noise they draw. */
class SamplingLoopTest {
  private static final int T = 20;
  private static final Model MODEL = Model.of(TestSpecs.tiny("diffusion.steps=" + T));
  private static final int[] TAU = {1, 4, 11, 19};
  private static final int[] SEEDS = {3, 700_000};
  private static final float ETA = 0.7f;

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "BY_ROW")
  void theLoopIsItsSteps(Method method) {
    Settings settings = new Settings(Churn.of(1, 4), 3, 0.2, Thresholding.dynamic(0.9));
    float[] given =
        Graphs.run(
            tf -> {
              Operand<TInt32> seeds = tf.constant(SEEDS);
              Operand<TFloat32> etas = tf.constant(new float[] {ETA, ETA});
              try (SamplingLoop loop =
                  new SamplingLoop(tf, MODEL, SamplingLoopTest::weight, method, settings, false)) {
                return loop.sample(new Rows(seeds, etas, null, null, null), TAU);
              }
            });
    float[] expected = Graphs.run(tf -> steps(tf, method, settings));
    assertArrayEquals(expected, given, 1e-4f);
  }

  /** From x_0 to noise: the steps rise, and what there is begins and ends where it is told. */
  @Test
  void goesAlongAnyTimeStepsFromAnyStart() {
    int[] up = {-1, 2, 3, 15};
    Settings settings = Settings.of(Method.DDIM_BOTH_WAYS);
    float[] given =
        Graphs.run(
            tf -> {
              Rows rows = new Rows(tf.constant(SEEDS), tf.constant(new float[2]), null, null, null);
              try (SamplingLoop loop =
                  new SamplingLoop(
                      tf,
                      MODEL,
                      SamplingLoopTest::weight,
                      Method.DDIM_BOTH_WAYS,
                      settings,
                      false)) {
                return loop.walk(rows, normal(tf, 77), up);
              }
            });
    float[] expected =
        Graphs.run(
            tf -> {
              ReverseProcess p =
                  MODEL.reverse(Net.inference(tf, SamplingLoopTest::weight), Conditions.NONE);
              Expr x = normal(tf, 77);
              for (int i = 1; i < up.length; i++) {
                Sampler.Step step =
                    new Sampler.Step(
                        rows(tf, up[i - 1]), rows(tf, up[i]), () -> normal(tf, 0), List.of());
                x = DdimInversion.SAMPLER.step(p, x, step).xPrev();
              }
              return x;
            });
    assertArrayEquals(expected, given, 1e-4f);
  }

  /** Down, up again by noise and down, where each step and each leap has a draw of its own. */
  @Test
  void resamplesWithNoiseOfItsOwn() {
    Settings settings = Settings.of(Method.DDPM);
    Known known = new Known(floats(64, i -> i / 64f), floats(64, i -> i % 3 - 1), size());
    float[] given =
        Graphs.run(
            tf -> {
              Rows rows = new Rows(tf.constant(SEEDS), tf.constant(new float[2]), null, null, null);
              try (SamplingLoop loop =
                  new SamplingLoop(
                      tf,
                      MODEL,
                      SamplingLoopTest::weight,
                      Method.DDPM,
                      settings,
                      false,
                      1,
                      known)) {
                return loop.walk(rows, loop.noise(rows), new int[] {11, 4, 1, 11, 4, 1, -1});
              }
            });
    float[] expected =
        Graphs.run(
            tf -> {
              ReverseProcess p =
                  MODEL
                      .reverse(Net.inference(tf, SamplingLoopTest::weight), Conditions.NONE)
                      .with(settings.thresholding());
              Expr x = normal(tf, 0);
              x = painted(tf, p, known, x, 11, 4, 0);
              x = painted(tf, p, known, x, 4, 1, 0);
              x = p.q().qStep(x, rows(tf, 11), rows(tf, 1), normal(tf, 5 * T + 12));
              x = painted(tf, p, known, x, 11, 4, 1);
              x = painted(tf, p, known, x, 4, 1, 1);
              return painted(tf, p, known, x, 1, -1, 1);
            });
    assertArrayEquals(expected, given, 1e-4f);
  }

  /** Visit k of t. */
  private static Expr painted(
      Ops tf, ReverseProcess p, Known known, Expr x, int t, int tPrev, int k) {
    Sampler.Step step =
        new Sampler.Step(
            rows(tf, t), rows(tf, tPrev), () -> normal(tf, 3 * k * T + t + 1), List.of());
    Expr anew = new DdpmSampler().step(p, x, step).xPrev();
    Expr x0 = new Expr(tf, tf.constant(Shape.of(1, 8, 8, 1), DataBuffers.of(known.x0())));
    Expr mask = new Expr(tf, tf.constant(Shape.of(1, 8, 8, 1), DataBuffers.of(known.painted())));
    Expr kept = p.q().qSample(x0, rows(tf, tPrev), normal(tf, (3 * k + 1) * T + t + 1));
    return anew.where(mask, kept);
  }

  private static float[] floats(int count, IntToDoubleFunction value) {
    float[] floats = new float[count];
    for (int i = 0; i < count; i++) {
      floats[i] = (float) value.applyAsDouble(i);
    }
    return floats;
  }

  private static GraphSpec.Image size() {
    return MODEL.spec().getImage();
  }

  /** The steps, with t, the draws and what is remembered written out. */
  private static Expr steps(Ops tf, Method method, Settings settings) {
    int each =
        switch (method) {
          case LANGEVIN -> 3;
          case PC -> 4;
          default -> 1;
        };
    ReverseProcess p =
        MODEL
            .reverse(Net.inference(tf, SamplingLoopTest::weight), Conditions.NONE)
            .with(settings.thresholding());
    Rows rows =
        new Rows(
            tf.constant(new int[] {0, 0}), tf.constant(new float[] {ETA, ETA}), null, null, null);
    Sampler sampler = method.sampler(tf, MODEL, rows, settings);
    Expr x = normal(tf, 0);
    List<Sampler.Before> before = new ArrayList<>();
    for (int i = TAU.length - 1; i >= 0; i--) {
      for (int k = 0; k < each; k++) {
        int t = TAU[i];
        int below = i == 0 ? -1 : TAU[i - 1];
        int tPrev = k < each - 1 ? t : below;
        int draw = k * T + t + 1;
        // Where there are none, the first step stands for them.
        List<Sampler.Before> both = new ArrayList<>(before);
        while (both.size() < 2) {
          both.add(new Sampler.Before(rows(tf, TAU[TAU.length - 1]), x));
        }
        Sampler.Result result =
            sampler.step(
                p, x, new Sampler.Step(rows(tf, t), rows(tf, tPrev), () -> normal(tf, draw), both));
        before.add(0, new Sampler.Before(rows(tf, t), result.x0Hat()));
        x = result.xPrev();
      }
    }
    return x;
  }

  private static Expr normal(Ops tf, int draw) {
    return SeededNormal.of(tf, tf.constant(SEEDS), tf.constant(draw), 8, 8, 1);
  }

  private static Operand<TInt32> rows(Ops tf, int t) {
    return tf.constant(new int[] {t, t});
  }

  /** Some values that are the same wherever they are asked for. */
  private static Operand<TFloat32> weight(Ops tf, String path, Shape shape, Init init) {
    Random random = new Random(path.hashCode());
    float[] values = new float[(int) shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (0.2 * random.nextGaussian());
    }
    return tf.constant(shape, DataBuffers.of(values));
  }
}
