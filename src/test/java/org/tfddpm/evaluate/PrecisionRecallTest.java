package org.tfddpm.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Sets whose balls are known. */
class PrecisionRecallTest {
  private static Vectors line(double... values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return new Vectors(floats, 1);
  }

  @Test
  void aSetCoversItself() {
    Vectors set = line(0, 1, 2, 3, 10, 11);
    assertEquals(new PrecisionRecall(1, 1), PrecisionRecall.of(set, set));
  }

  @Test
  void setsFarApartCoverNothing() {
    Vectors near = line(0, 1, 2, 3, 4);
    Vectors far = line(100, 101, 102, 103, 104);
    assertEquals(new PrecisionRecall(0, 0), PrecisionRecall.of(near, far));
  }

  @Test
  void picturesOfOneKindAreGoodButNotVaried() {
    Vectors data = line(0, 1, 2, 3, 100, 101, 102, 103);
    Vectors generated = line(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8);
    // The pictures' largest balls are those of 0.1 and 0.8, to 0.4 and 0.5: they hold 0 and 1 only.
    assertEquals(new PrecisionRecall(1, 2 / 8.0), PrecisionRecall.of(generated, data));
    assertEquals(new PrecisionRecall(2 / 8.0, 1), PrecisionRecall.of(data, generated));
  }

  @Test
  void theBallReachesToTheThirdNeighbourAndIncludesIt() {
    // Radii of the data: 3, 2, 2, 3; so they cover -3 ... 6.
    Vectors data = line(0, 1, 2, 3);
    assertEquals(0.5, PrecisionRecall.of(line(-3, 6, -3.01, 6.01), data).precision());
  }

  @Test
  void duplicatesAreNeighbours() {
    // Four times the same: radius 0, which covers the same and nothing else.
    assertEquals(0.25, PrecisionRecall.of(line(5, 5.01, 4.99, 6), line(5, 5, 5, 5)).precision());
  }

  @Test
  void ofTheLargerSetAsManyAreTaken() {
    // Four of forty that are 1 apart cover at most 2 * 39; forty would cover less around each.
    double[] data = new double[40];
    Arrays.setAll(data, i -> i);
    double[] drawn = Arrays.stream(Rows.draw(40, 4)).asDoubleStream().toArray();
    Vectors generated = line(-30, 3.5, 20.5, 70);
    assertEquals(
        PrecisionRecall.of(generated, line(drawn)), PrecisionRecall.of(generated, line(data)));
    assertThrows(
        IllegalArgumentException.class, () -> PrecisionRecall.of(line(1, 2, 3), line(1, 2, 3, 4)));
  }
}
