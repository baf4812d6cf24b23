package org.tfddpm.diffusion.sampler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tfddpm.diffusion.EpsilonPrediction;
import org.tfddpm.diffusion.Expr;
import org.tfddpm.diffusion.Thresholding;
import org.tfddpm.diffusion.schedule.CosineSchedule;
import org.tfddpm.diffusion.schedule.LinearSchedule;
import org.tfddpm.diffusion.schedule.Schedule;
import org.tfddpm.testing.Resources;

/** Where samplers lead with a network of one line, as diffusers' schedulers do. */
class TrajectoriesTest {
  /** tools/golden/trajectories.py wrote the file. */
  @Test
  void samplersLeadWhereThoseOfDiffusersDo() throws IOException {
    List<String> lines = Resources.lines(TrajectoriesTest.class, "trajectories.txt");
    assertEquals(32, lines.size());
    for (String line : lines) {
      List<String> words = List.of(line.split(" "));
      String name = words.get(0);
      Schedule schedule =
          words.get(1).equals("COSINE")
              ? CosineSchedule.of(1000)
              : LinearSchedule.of(1000, 1e-4, 0.02);
      float[] start = numbers(words.get(3));
      float[] expected = numbers(words.get(4));
      // Its four numbers are one image.
      boolean dynamic = name.equals("DDIM_DYNAMIC");
      float[] given =
          new Chain(
                  sampler(name),
                  schedule,
                  new EpsilonPrediction(),
                  q -> TrajectoriesTest::epsilon,
                  name.equals("DDIM_CLIP")
                      ? Thresholding.STATIC
                      : dynamic ? Thresholding.dynamic(0.8) : Thresholding.NONE,
                  dynamic ? start.length : 1)
              .run(start, timeSteps(words.get(2), !name.equals("DDIM_INVERT")));
      for (int i = 0; i < start.length; i++) {
        assertEquals(1, given[i] / expected[i], 2e-5, line);
      }
    }
  }

  private static Sampler sampler(String name) {
    return switch (name) {
      case "HEUN" -> new HeunSampler(DdimSampler.DETERMINISTIC);
      case "DPMPP_2M" -> new DpmSolverSampler();
      case "DPMPP_3M" -> new DpmSolver3Sampler();
      default -> DdimSampler.DETERMINISTIC;
    };
  }

  /** 0.9 sin(x + 0.003 t). */
  private static Expr epsilon(Expr x, Operand<TInt32> t) {
    Ops tf = x.tf();
    Expr time = new Expr(tf, tf.dtypes.cast(t, TFloat32.class)).times(0.003).perImage();
    return new Expr(tf, tf.math.sin(x.plus(time))).times(0.9);
  }

  /** The time steps, and -1 where they end at the image. */
  private static int[] timeSteps(String words, boolean toImage) {
    return Arrays.stream((words + (toImage ? ",-1" : "")).split(","))
        .mapToInt(Integer::parseInt)
        .toArray();
  }

  private static float[] numbers(String words) {
    List<String> each = List.of(words.split(","));
    float[] numbers = new float[each.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = Float.parseFloat(each.get(i));
    }
    return numbers;
  }
}
