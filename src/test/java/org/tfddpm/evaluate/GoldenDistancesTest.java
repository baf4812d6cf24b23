package org.tfddpm.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.tfddpm.testing.Resources;

/** All statistics against numpy and scipy (tools/golden/distances.py). */
class GoldenDistancesTest {
  private final Map<String, Double> golden = new HashMap<>();

  GoldenDistancesTest() throws IOException {
    for (String line : Resources.lines(getClass(), "distances.txt")) {
      List<String> words = List.of(line.split(" ", 2));
      golden.put(words.get(0), Double.parseDouble(words.get(1)));
    }
  }

  private static Vectors vectors(int count, int dimension, int salt, double power) {
    float[] values = new float[count * dimension];
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < dimension; j++) {
        long whole = i * 7919L + j * 104729L + (long) i * i * j * salt;
        values[i * dimension + j] = (float) Math.pow((float) (whole % 1009 / 1009.0), power);
      }
    }
    return new Vectors(values, dimension);
  }

  private static Vectors probabilities(Vectors x) {
    float[] values = x.values().clone();
    for (int row = 0; row < x.count(); row++) {
      double sum = 0;
      for (int i = 0; i < x.dimension(); i++) {
        sum += x.at(row, i) + 0.01;
      }
      for (int i = 0; i < x.dimension(); i++) {
        values[row * x.dimension() + i] = (float) ((x.at(row, i) + 0.01) / sum);
      }
    }
    return new Vectors(values, x.dimension());
  }

  private void assertGolden(String name, double value) {
    assertEquals(golden.getOrDefault(name, Double.NaN), value, 1e-9, name);
  }

  @Test
  void numpyHasTheSame() {
    Vectors x = vectors(120, 6, 31, 1);
    Distances distances = Distances.between(x, vectors(200, 6, 17, 1.5));
    assertGolden("frechet", distances.frechet());
    assertGolden("kernel", distances.kernel().mean());
    assertGolden("kernel_standard_error", distances.kernel().deviation());
    assertGolden("precision", distances.precisionRecall().precision());
    assertGolden("recall", distances.precisionRecall().recall());
    Estimate score = InceptionScore.of(probabilities(x));
    assertGolden("score", score.mean());
    assertGolden("score_deviation", score.deviation());
  }
}
