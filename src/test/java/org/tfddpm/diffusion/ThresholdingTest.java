package org.tfddpm.diffusion;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.tensorflow.op.Ops;
import org.tfddpm.diffusion.schedule.LinearSchedule;
import org.tfddpm.diffusion.schedule.Schedule;
import org.tfddpm.testing.Floats;
import org.tfddpm.testing.Graphs;

/** What becomes of x0Hat, in double loops, and that x_t still is what it was. */
class ThresholdingTest {
  private static final Schedule SCHEDULE = LinearSchedule.of(1000, 1e-4, 0.02);
  private static final int[] T = {999, 500, 1, 0};
  private static final int IMAGE = 2 * 3 * 3;

  /** Of the four images x0Hat goes to about 200, 3, 1.5 and, of the last, 0.5. */
  private final float[] x = new float[T.length * IMAGE];

  private final float[] epsilon = new float[x.length];

  ThresholdingTest() {
    Random random = new Random(4);
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian();
      epsilon[i] = (float) random.nextGaussian();
      if (i / IMAGE == 2) {
        x[i] *= 0.7f;
      } else if (i / IMAGE == 3) {
        x[i] = 0.4f * (float) Math.sin(x[i]);
      }
    }
  }

  @Test
  void noneLeavesAllAsItIs() {
    Graphs.run(
        tf -> {
          ReverseProcess p = process(tf, Thresholding.NONE);
          Prediction.Estimate estimate =
              new Prediction.Estimate(images(tf, x), images(tf, epsilon));
          assertSame(estimate, p.thresholding().of(p.q(), images(tf, x), tf.constant(T), estimate));
          return images(tf, x);
        });
    assertArrayEquals(x0Hat(Thresholding.NONE), plain(), 1e-3f);
  }

  @Test
  void staticClips() {
    float[] given = x0Hat(Thresholding.STATIC);
    float[] plain = plain();
    for (int i = 0; i < x.length; i++) {
      assertEquals(Math.max(-1, Math.min(1, plain[i])), given[i], 2e-5);
    }
  }

  @Test
  void dynamicClipsAtThePercentileOfEachImageAndDividesByIt() {
    float[] plain = plain();
    for (double percentile : new double[] {0, 0.3, 0.5, 0.9, 0.97, 0.995, 1}) {
      float[] given = x0Hat(Thresholding.dynamic(percentile));
      for (int row = 0; row < T.length; row++) {
        double[] sorted = new double[IMAGE];
        for (int i = 0; i < IMAGE; i++) {
          sorted[i] = Math.abs(plain[row * IMAGE + i]);
        }
        Arrays.sort(sorted);
        double place = percentile * (IMAGE - 1);
        int below = (int) Math.floor(place);
        double above = sorted[Math.min(below + 1, IMAGE - 1)];
        double s = Math.max(1, sorted[below] + (place - below) * (above - sorted[below]));
        for (int i = row * IMAGE; i < (row + 1) * IMAGE; i++) {
          double clipped = Math.max(-s, Math.min(s, plain[i]));
          assertEquals(clipped / s, given[i], 2e-5, percentile + " row " + row);
        }
      }
    }
  }

  @Test
  void anImageInRangeIsKept() {
    float[] plain = plain();
    for (Thresholding each : new Thresholding[] {Thresholding.STATIC, Thresholding.dynamic(0.9)}) {
      float[] given = x0Hat(each);
      for (int i = 3 * IMAGE; i < x.length; i++) {
        assertTrue(Math.abs(plain[i]) < 0.5);
        assertEquals(plain[i], given[i], 1e-6);
      }
    }
  }

  @Test
  void imageAndNoiseStillMakeTheSameX() {
    for (Thresholding each :
        new Thresholding[] {
          Thresholding.NONE, Thresholding.STATIC, Thresholding.dynamic(0.9), Thresholding.dynamic(1)
        }) {
      float[] given =
          Graphs.run(
              tf -> {
                ReverseProcess p = process(tf, each);
                Prediction.Estimate estimate = p.estimate(images(tf, x), tf.constant(T));
                return p.q().qSample(estimate.x0Hat(), tf.constant(T), estimate.epsilonHat());
              });
      assertArrayEquals(x, given, 1e-6f);
    }
  }

  private float[] x0Hat(Thresholding thresholding) {
    return Graphs.run(
        tf -> process(tf, thresholding).estimate(images(tf, x), tf.constant(T)).x0Hat());
  }

  private float[] plain() {
    Doubles exact = new Doubles(SCHEDULE);
    float[] x0 = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      x0[i] = (float) exact.x0(x[i], T[i / IMAGE], epsilon[i]);
    }
    return x0;
  }

  private ReverseProcess process(Ops tf, Thresholding thresholding) {
    ForwardProcess q = new ForwardProcess(new Coefficients(tf, SCHEDULE));
    return new ReverseProcess(
            q, new EpsilonPrediction(), ReverseVariance.BETA, (at, s) -> images(tf, epsilon))
        .with(thresholding);
  }

  private static Expr images(Ops tf, float[] values) {
    return new Expr(tf, tf.constantOf(Floats.tensor(values, T.length, 2, 3, 3)));
  }
}
