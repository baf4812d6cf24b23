package org.tfddpm.evaluate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DistancesTest {
  private static Vectors vectors(int count) {
    float[] values = new float[2 * count];
    for (int i = 0; i < values.length; i++) {
      values[i] = (i * 7919 % 1009) / 1009f;
    }
    return new Vectors(values, 2);
  }

  @Test
  void rowsAreDrawnFromTheWholeSet() {
    int[] drawn = Rows.draw(1000, 400);
    assertArrayEquals(drawn, Rows.draw(1000, 400));
    int[] both =
        IntStream.concat(Arrays.stream(drawn), Arrays.stream(Rows.rest(1000, 400))).toArray();
    assertArrayEquals(IntStream.range(0, 1000).toArray(), Arrays.stream(both).sorted().toArray());
    // About 200 of the first half, 10 of them in the standard deviation.
    long half = Arrays.stream(drawn).filter(row -> row < 500).count();
    assertTrue(Math.abs(half - 200) < 35, String.valueOf(half));
    assertArrayEquals(new int[] {1, 4, 7}, Rows.part(10, 1, 3));
    assertThrows(IllegalArgumentException.class, () -> Rows.draw(3, 4));
  }

  @Test
  void theDataAreComparedWithThemselves() {
    Distances many = Distances.within(vectors(101), 1000);
    assertEquals(50, many.count());
    assertEquals(51, many.dataCount());
    Distances few = Distances.within(vectors(101), 20);
    assertEquals(20, few.count());
    assertEquals(81, few.dataCount());
    assertTrue(few.frechet() > 0);
  }

  @Test
  void theScoreIsNamedWhereItIsDefined() {
    assertEquals(
        "[frechet_distance, kernel_distance, kernel_distance_standard_error, precision, recall]",
        Distances.between(vectors(8), vectors(8)).byName().keySet().toString());
    Vectors sure = new Vectors(new float[] {1, 0, 0, 1, 1, 0, 0, 1}, 2);
    assertTrue(Distances.between(sure, sure).byName().containsKey("inception_score_deviation"));
  }

  @Test
  void vectorsAreWhole() {
    assertThrows(IllegalArgumentException.class, () -> new Vectors(new float[3], 2));
    assertThrows(IllegalArgumentException.class, () -> new Vectors(new float[3], 0));
  }
}
