package org.tfddpm.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
  private static Table table() {
    return new Table(List.of("what", "a, b"))
        .row(List.of("small", 0.000123456789))
        .row(List.of("the \"other\"", new Estimate(12345.678, 0.25)))
        .row(List.of("none", ""))
        .row(List.of("n", 1500));
  }

  @Test
  void columnsAreAligned() {
    assertEquals(
        """
        what         a, b
        small        0.0001235
        the "other"  1.235e+04 +- 0.25
        none
        n            1500
        """,
        table().text());
  }

  @Test
  void csvIsQuotedWhereItMustBe() {
    Table table =
        new Table(List.of("what", "a, b"))
            .row(List.of("the \"other\"", 0.000123456789))
            .row(List.of("two\nlines", ""));
    assertEquals(
        "what,\"a, b\"\n\"the \"\"other\"\"\",1.23456789E-4\n\"two\nlines\",\n", table.csv());
  }

  @Test
  void everyColumnHasACell() {
    assertThrows(IllegalArgumentException.class, () -> table().row(List.of("one")));
  }
}
