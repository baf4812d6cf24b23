package org.tfddpm.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgressTest {
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(written, false, StandardCharsets.UTF_8);

  @Test
  void printsAPlainLineEveryTenSecondsAndTheLast() {
    Progress progress = new Progress(out, false, 1000);
    double[] seconds = {0.5, 0.6, 10.4, 10.5, 15, 20.4, 20.6, 21};
    for (int i = 0; i < seconds.length; i++) {
      progress.step(100 + i, 0.25, 64, 30, seconds[i]);
    }
    progress.step(1000, 0.125, 64, 0, 21.1);
    assertEquals(
        """
        step 100/1000  loss 0.2500  64 images/s  30 s left
        step 103/1000  loss 0.2500  64 images/s  30 s left
        step 106/1000  loss 0.2500  64 images/s  30 s left
        step 1000/1000  loss 0.1250  64 images/s  0 s left
        """,
        written());
  }

  /** A shorter line is padded over the longer one before it; the last one ends with a new line. */
  @Test
  void overwritesItselfOnATerminal() {
    Progress progress = new Progress(out, true, 10);
    progress.step(8, 12.34567, 12345.6, 200, 0);
    assertEquals("\rstep 8/10  loss 12.3457  12346 images/s  3 min 20 s left", written());
    progress.step(9, 0.5, 8, 1, 0.25);
    assertEquals("\rstep 9/10  loss 0.5000  8 images/s  1 s left            ", written());
    progress.step(10, 0.5, 8, 0, 0.3);
    assertEquals("\rstep 10/10  loss 0.5000  8 images/s  0 s left\n", written());
  }

  @Test
  void showsFiveStepsASecondOnATerminal() {
    Progress progress = new Progress(out, true, 1000);
    for (int i = 0; i < 100; i++) {
      progress.step(i, 1, 1, 1, i / 64.0);
    }
    // Every 13th of 64 steps a second is the first that comes 0.2 s after the one shown before.
    assertEquals(8, written().chars().filter(c -> c == '\r').count());
  }

  @Test
  void saysLinesBetweenPlainOnes() {
    Progress progress = new Progress(out, false, 10);
    progress.say("before");
    progress.step(1, 1, 1, 9, 0);
    progress.say("after");
    assertEquals("before\nstep 1/10  loss 1.0000  1 images/s  9 s left\nafter\n", written());
  }

  /** The line on the terminal is wiped, and not padded for afterwards. */
  @Test
  void saysLinesBetweenThoseOfATerminal() {
    Progress progress = new Progress(out, true, 10);
    progress.say("before");
    assertEquals("before\n", written());
    progress.step(1, 1, 1, 9, 0);
    String line = "\rstep 1/10  loss 1.0000  1 images/s  9 s left";
    assertEquals(line, written());
    progress.say("x");
    assertEquals("\r" + " ".repeat(line.length() - 1) + "\rx\n", written());
    progress.step(2, 1, 1, 9, 1);
    assertEquals(line.replace("step 1", "step 2"), written());
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 s",
    "0.6, 1 s",
    "99.4, 99 s",
    "100, 1 min 40 s",
    "3600, 60 min 0 s",
    "5999, 99 min 59 s",
    "6000, 1 h 40 min",
    "90061, 25 h 1 min"
  })
  void saysHowLongItTakes(double seconds, String expected) {
    new Progress(out, false, 10).step(1, 1, 1, seconds, 0);
    assertEquals("step 1/10  loss 1.0000  1 images/s  " + expected + " left\n", written());
  }

  /** What was written since the last call. */
  private String written() {
    String text = written.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    written.reset();
    return text;
  }
}
