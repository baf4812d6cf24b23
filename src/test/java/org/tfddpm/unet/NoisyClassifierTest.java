package org.tfddpm.unet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Iterator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tfddpm.diffusion.Classifier.Verdict;
import org.tfddpm.diffusion.Expr;
import org.tfddpm.nn.Init;
import org.tfddpm.nn.Net;
import org.tfddpm.testing.Floats;
import org.tfddpm.unet.UNetConfig.AttentionConfig;

/** A classifier of six classes with every part of ADM's network, over weights drawn once. */
class NoisyClassifierTest {
  private static final int CLASSES = 6;
  private static final int IMAGE = 8 * 8;
  private static final UNetConfig CONFIG =
      new UNetConfig(
          CLASSES, 8, List.of(1, 2), 1, new AttentionConfig(List.of(4), 1, 4), 4, 0, true, true, 0);

  private final Random random = new Random(11);
  private final Graph graph = new Graph();
  private final Ops tf = Ops.create(graph);
  private final Placeholder<TFloat32> x =
      tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, 8, 8, 1)));
  private final Placeholder<TInt32> t =
      tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(-1)));
  private final Verdict verdict =
      NoisyClassifier.of(Net.inference(tf, NoisyClassifierTest::weight), CONFIG)
          .look(new Expr(tf, x), t);
  private final float[] images = normal(3 * IMAGE);

  @AfterEach
  void close() {
    graph.close();
  }

  @Test
  void probabilitiesAreThoseOfTheLogits() {
    int[] y = {5, 0, CLASSES};
    float[] logits = run(verdict.logits(), images, 7, 7, 7);
    float[] p = run(verdict.probabilities(), images, 7, 7, 7);
    float[] logP = run(verdict.logProbability(tf.constant(y)), images, 7, 7, 7);
    float[] hits = run(verdict.hits(tf.constant(y)), images, 7, 7, 7);
    for (int row = 0; row < 3; row++) {
      double sum = 0;
      for (int k = 0; k < CLASSES; k++) {
        sum += Math.exp(logits[row * CLASSES + k]);
      }
      boolean largest = y[row] < CLASSES;
      for (int k = 0; k < CLASSES; k++) {
        float logit = logits[row * CLASSES + k];
        assertEquals(Math.exp(logit) / sum, p[row * CLASSES + k], 1e-5);
        largest &= logit <= logits[row * CLASSES + Math.min(y[row], CLASSES - 1)];
      }
      // The last row asks for no class.
      double expected = y[row] == CLASSES ? 0 : logits[row * CLASSES + y[row]] - Math.log(sum);
      assertEquals(expected, logP[row], 1e-4);
      assertEquals(largest ? 1 : 0, hits[row]);
    }
  }

  @Test
  void rowsAreTheirOwnAndSeeTheirTime() {
    float[] together = run(verdict.logits(), images, 3, 900, 40);
    int[] times = {3, 900, 40};
    for (int row = 0; row < 3; row++) {
      float[] alone = java.util.Arrays.copyOfRange(images, row * IMAGE, (row + 1) * IMAGE);
      float[] expected = java.util.Arrays.copyOfRange(together, row * CLASSES, (row + 1) * CLASSES);
      assertArrayEquals(expected, run(verdict.logits(), alone, times[row]), 1e-4f);
      assertTrue(
          Floats.largestDifference(expected, run(verdict.logits(), alone, times[row] + 50)) > 0.01);
    }
    assertEquals(16, verdict.features().shape().get(1));
  }

  /** By which pictures are guided; its sums are of two, so that it is the same in every run. */
  @Test
  void theGradientIsTheSlopeOfLogP() {
    Expr logP = verdict.logProbability(tf.constant(new int[] {4, 1, 2}));
    Operand<TFloat32> sum = tf.reduceSum(logP, tf.constant(0));
    Output<?>[] asked = {x.asOutput()};
    Operand<TFloat32> gradient =
        graph.addGradients(sum.asOutput(), asked)[0].expect(TFloat32.class);
    for (Iterator<GraphOperation> ops = graph.operations(); ops.hasNext(); ) {
      GraphOperation op = ops.next();
      assertTrue(!op.type().equals("AddN") || op.numInputs() <= 2, op.name());
    }
    int[] times = {0, 200, 950};
    float[] slope = run(gradient, images, times);
    for (int row = 0; row < 3; row++) {
      double along = 0;
      for (int i = row * IMAGE; i < (row + 1) * IMAGE; i++) {
        along += (double) slope[i] * slope[i];
      }
      double length = Math.sqrt(along);
      assertTrue(length > 0.05, "gradient " + length);
      double step = 0.02;
      double up = run(logP, moved(slope, row, step / length), times)[row];
      double down = run(logP, moved(slope, row, -step / length), times)[row];
      assertEquals(length, (up - down) / (2 * step), 0.01 * length);
    }
  }

  private float[] moved(float[] direction, int row, double by) {
    float[] moved = images.clone();
    for (int i = row * IMAGE; i < (row + 1) * IMAGE; i++) {
      moved[i] += (float) (by * direction[i]);
    }
    return moved;
  }

  private float[] run(Operand<TFloat32> asked, float[] given, int... times) {
    try (Session session = new Session(graph);
        TFloat32 fed = Floats.tensor(given, times.length, 8, 8, 1);
        TInt32 ts = TInt32.vectorOf(times);
        Result result = session.runner().feed(x, fed).feed(t, ts).fetch(asked).run()) {
      return Floats.of(result.get(0));
    }
  }

  private float[] normal(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static Operand<TFloat32> weight(Ops tf, String path, Shape shape, Init init) {
    Random ofPath = new Random(path.hashCode());
    float[] values = new float[(int) shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) ((path.endsWith("gamma") ? 1 : 0) + 0.2 * ofPath.nextGaussian());
    }
    return tf.constant(shape, DataBuffers.of(values));
  }
}
