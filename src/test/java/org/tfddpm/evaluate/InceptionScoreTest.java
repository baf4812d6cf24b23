package org.tfddpm.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class InceptionScoreTest {
  private static final int CLASSES = 5;

  private static Vectors rows(int count, java.util.function.IntFunction<float[]> row) {
    float[] values = new float[count * CLASSES];
    for (int i = 0; i < count; i++) {
      System.arraycopy(row.apply(i), 0, values, i * CLASSES, CLASSES);
    }
    return new Vectors(values, CLASSES);
  }

  private static float[] sure(int of) {
    float[] row = new float[CLASSES];
    row[of] = 1;
    return row;
  }

  @Test
  void isOneWhereNothingIsRecognised() {
    float[] uniform = new float[CLASSES];
    Arrays.fill(uniform, 1f / CLASSES);
    assertEquals(new Estimate(1, 0), rounded(InceptionScore.of(rows(100, i -> uniform))));
  }

  @Test
  void isOneWhereAllIsTheSame() {
    assertEquals(new Estimate(1, 0), rounded(InceptionScore.of(rows(100, i -> sure(3)))));
  }

  @Test
  void isTheNumberOfClassesWhereAllAreSureAndEquallyOften() {
    // 10 parts of the rows p, p + 10, ...: each has every class as often.
    assertEquals(
        new Estimate(CLASSES, 0),
        rounded(InceptionScore.of(rows(500, i -> sure(i / 10 % CLASSES)))));
  }

  @Test
  void theDeviationIsThatOfTheParts() {
    // Even parts see two classes, odd ones only one: scores 2 and 1.
    Estimate score = InceptionScore.of(rows(400, i -> sure(i % 2 == 0 ? i / 10 % 2 : 0)));
    assertEquals(new Estimate(1.5, 0.5), rounded(score));
  }

  @Test
  void isDefinedOnProbabilitiesOnly() {
    assertTrue(InceptionScore.isDefinedOn(rows(3, InceptionScoreTest::sure)));
    assertFalse(InceptionScore.isDefinedOn(rows(3, i -> new float[] {-1, 1, 1, 0, 0})));
    assertFalse(InceptionScore.isDefinedOn(rows(3, i -> new float[] {1, 1, 0, 0, 0})));
    assertFalse(InceptionScore.isDefinedOn(rows(3, i -> new float[] {Float.NaN, 1, 0, 0, 0})));
    assertFalse(InceptionScore.isDefinedOn(new Vectors(new float[] {1, 1, 1}, 1)));
  }

  private static Estimate rounded(Estimate estimate) {
    return new Estimate(
        Math.rint(estimate.mean() * 1e6) / 1e6, Math.rint(estimate.deviation() * 1e6) / 1e6);
  }
}
