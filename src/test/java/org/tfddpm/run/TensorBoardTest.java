package org.tfddpm.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.SessionLog.SessionStatus;
import org.tensorflow.proto.Summary;
import org.tfddpm.testing.Records;
import org.tfddpm.testing.Trees;

class TensorBoardTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.ofEpochMilli(1_700_000_000_250L), ZoneOffset.UTC);
  private static final String FILE = "events.out.tfevents.1700000000.tfddpm";

  @TempDir Path run;

  @Test
  void writesTheMetricsAsScalars() throws IOException {
    try (TensorBoard board = new TensorBoard(run, 0, CLOCK)) {
      board.scalars(new Metrics.Line(50, 0.125, null, 2.5f, 1e-4f, 800.25, 4));
    }
    Event event = events(FILE).get(2);
    assertEquals(50, event.getStep());
    assertEquals(1_700_000_000.25, event.getWallTime());
    Map<String, Float> scalars = new LinkedHashMap<>();
    for (Summary.Value value : event.getSummary().getValueList()) {
      scalars.put(value.getTag(), value.getSimpleValue());
    }
    assertEquals(
        Map.of(
            "loss", 0.125f,
            "grad_norm", 2.5f,
            "learning_rate", 1e-4f,
            "images_per_second", 800.25f,
            "seconds", 4f),
        scalars);
  }

  @Test
  void writesGridsAsImages() throws IOException {
    Png png = Png.of(new Images(new byte[5 * 7 * 3], 5, 7, 3), 0);
    try (TensorBoard board = new TensorBoard(run, 0, CLOCK)) {
      board.image(200, "samples", png);
    }
    Event event = events(FILE).get(2);
    assertEquals(200, event.getStep());
    Summary.Value value = event.getSummary().getValue(0);
    assertEquals("samples", value.getTag());
    assertEquals(5, value.getImage().getHeight());
    assertEquals(7, value.getImage().getWidth());
    assertEquals(3, value.getImage().getColorspace());
    assertArrayEquals(png.bytes(), value.getImage().getEncodedImageString().toByteArray());
  }

  /** Each event can be read while the run goes on. */
  @Test
  void writesAtOnce() throws IOException {
    try (TensorBoard board = new TensorBoard(run, 0, CLOCK)) {
      assertEquals(2, events(FILE).size());
      board.scalars(new Metrics.Line(50, 1, null, 1, 1, 1, 1));
      assertEquals(3, events(FILE).size());
    }
  }

  /**
   * TensorBoard forgets what older files hold of the START event's step and later ones: that step
   * is the first one to be taken again, so that the checkpoint's own is kept.
   */
  @Test
  void beginsWithTheStepThatIsTakenNext() throws IOException {
    for (long taken : new long[] {0, 2000}) {
      Path folder = Files.createDirectory(run.resolve("after-" + taken));
      new TensorBoard(folder, taken, CLOCK).close();
      List<Event> events = events(run.relativize(folder.resolve(FILE)).toString());
      assertEquals(2, events.size());
      assertEquals("brain.Event:2", events.get(0).getFileVersion());
      assertEquals(SessionStatus.START, events.get(1).getSessionLog().getStatus());
      assertEquals(taken + 1, events.get(1).getStep());
    }
  }

  /** Names that sort as they were written, which is the order TensorBoard reads them in. */
  @Test
  void beginsAFileOfItsOwnInTheSameSecond() throws IOException {
    for (long step = 0; step < 3; step++) {
      new TensorBoard(run, step, CLOCK).close();
    }
    assertEquals(FILE + " " + FILE + ".1 " + FILE + ".2", Trees.of(run));
    assertEquals(3, events(FILE + ".2").get(1).getStep());
  }

  private List<Event> events(String file) throws IOException {
    List<Event> events = new ArrayList<>();
    for (byte[] record : Records.read(run.resolve(file))) {
      events.add(Event.parseFrom(record));
    }
    return events;
  }
}
