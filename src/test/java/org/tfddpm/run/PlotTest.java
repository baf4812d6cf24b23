package org.tfddpm.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class PlotTest {
  private static final Axis LINEAR = new Axis("x", false);
  private static final Axis UP = new Axis("up", false);
  private static final Axis LOGARITHMIC = new Axis("y", true);
  private static final int BLUE = 0xFF0072B2;

  private static BufferedImage decoded(Png png) throws IOException {
    return ImageIO.read(new ByteArrayInputStream(png.bytes()));
  }

  @Test
  void ticksAreRoundNumbers() {
    assertEquals(
        List.of(0.0, 20.0, 40.0, 60.0, 80.0, 100.0), LINEAR.ticks(new Axis.Range(-5, 105)));
    assertEquals(
        List.of(10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0),
        LOGARITHMIC.ticks(new Axis.Range(9, 1100)));
    assertEquals(
        List.of(1e-6, 1e-4, 1e-2, 1.0), rounded(LOGARITHMIC.ticks(new Axis.Range(5e-7, 2))));
    assertEquals(List.of(2.0, 3.0, 4.0, 5.0, 6.0), LOGARITHMIC.ticks(new Axis.Range(1.5, 6.5)));
  }

  private static List<Double> rounded(List<Double> ticks) {
    return ticks.stream().map(tick -> Double.parseDouble("%.6e".formatted(tick))).toList();
  }

  @Test
  void aLogarithmicAxisHasEqualLengthsForEqualRatios() {
    Axis.Range range = new Axis.Range(1, 100);
    assertEquals(0, LOGARITHMIC.at(1, range));
    assertEquals(0.5, LOGARITHMIC.at(10, range), 1e-12);
    assertEquals(1, LOGARITHMIC.at(100, range), 1e-12);
    assertFalse(LOGARITHMIC.shows(0));
    assertTrue(LINEAR.shows(0));
    assertFalse(LINEAR.shows(Double.NaN));
  }

  @Test
  void aRangeHoldsItsNumbersEvenIfThereIsOneOnly() {
    Axis.Range one = LOGARITHMIC.around(List.of(10.0, -1.0));
    assertTrue(one.least() < 10 && one.most() > 10 && one.least() > 0);
    Axis.Range none = LINEAR.around(List.of());
    assertTrue(none.least() < none.most());
  }

  @Test
  void pointsAreWhereTheyBelong() throws IOException {
    Plot plot = new Plot("a plot", LINEAR, UP);
    BufferedImage image =
        decoded(plot.line("up", List.of(0.0, 1.0, 2.0), List.of(0.0, 1.0, 4.0)).png());
    // The axes of 400 x 300 begin at (76,56); a range is 6 % wider than its numbers on either side.
    for (double[] point : new double[][] {{0, 0}, {1, 1}, {2, 4}}) {
      int x = (int) Math.round(76 + 400 * (point[0] / 2 + 0.06) / 1.12);
      int y = (int) Math.round(356 - 300 * (point[1] / 4 + 0.06) / 1.12);
      assertEquals(BLUE, image.getRGB(x, y), x + "," + y);
    }
    int between = (int) Math.round(356 - 300 * (1 / 4.0 + 0.06) / 1.12);
    assertEquals(0xFFFFFFFF, image.getRGB(470, between + 2));
  }

  @Test
  void theSamePlotIsTheSameBytesWithoutAnyFont() {
    Plot plot = new Plot("title", LINEAR, LOGARITHMIC);
    plot.line("with gaps", List.of(1.0, 2.0, 3.0), List.of(1.0, 0.0, Double.NaN));
    plot.line("empty", List.of(), List.of());
    assertArrayEquals(plot.png().bytes(), plot.png().bytes());
    assertThrows(IllegalArgumentException.class, () -> plot.line("bad", List.of(1.0), List.of()));
  }

  @Test
  void plotsSideBySideHaveTheSameRanges() throws IOException {
    Plot low = new Plot("low", LINEAR, UP).line("a", List.of(0.0, 1.0), List.of(0.0, 1.0));
    Plot high = new Plot("high", LINEAR, UP).line("a", List.of(0.0, 1.0), List.of(9.0, 9.0));
    BufferedImage both = decoded(Plot.png(List.of(low, high)));
    BufferedImage one = decoded(low.png());
    assertEquals(2 * one.getWidth(), both.getWidth());
    assertEquals(one.getHeight(), both.getHeight());
    // Beside 9, the end of the low line is near the bottom.
    int end = (int) Math.round(76 + 400 * 1.06 / 1.12);
    assertEquals(BLUE, both.getRGB(end, (int) Math.round(356 - 300 * (1 / 9.0 + 0.06) / 1.12)));
  }

  @Test
  void wordsAreDrawnLetterByLetter() throws IOException {
    BufferedImage one = new BufferedImage(40, 20, BufferedImage.TYPE_INT_RGB);
    Glyphs.draw(one, "Hi\u00e9", 1, 1, java.awt.Color.WHITE);
    BufferedImage other = new BufferedImage(40, 20, BufferedImage.TYPE_INT_RGB);
    Glyphs.draw(other, "Hi?", 1, 1, java.awt.Color.WHITE);
    int inked = 0;
    for (int y = 0; y < 20; y++) {
      for (int x = 0; x < 40; x++) {
        assertEquals(one.getRGB(x, y), other.getRGB(x, y));
        inked += one.getRGB(x, y) == 0xFF000000 ? 0 : 1;
      }
    }
    assertTrue(inked > 30 && inked < 200, String.valueOf(inked));
    // Half outside, nothing is thrown.
    Glyphs.draw(one, "H", 36, 15, java.awt.Color.WHITE);
    Glyphs.draw(one, "H", -4, -5, java.awt.Color.WHITE);
  }
}
