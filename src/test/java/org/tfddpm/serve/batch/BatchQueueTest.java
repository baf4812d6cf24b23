package org.tfddpm.serve.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.tensorflow.ndarray.Shape;
import org.tfddpm.serve.value.Code;
import org.tfddpm.serve.value.Element;
import org.tfddpm.serve.value.Failure;
import org.tfddpm.serve.value.Value;

/**
 * Merging, without TensorFlow: the runner doubles its input and notes what it was given. It is held
 * at its first run, so that what comes meanwhile waits together.
 */
class BatchQueueTest {
  private static final long FAR = TimeUnit.MINUTES.toNanos(5);
  private static final Set<String> Y = Set.of("y");

  private final List<List<Integer>> runs = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch started = new CountDownLatch(1);
  private final CountDownLatch go = new CountDownLatch(1);
  private BatchQueue queue = queue(new Batching(8, Duration.ZERO, 100, List.of()));

  private BatchQueue queue(Batching batching) {
    return new BatchQueue("test", batching, this::run, rows -> {});
  }

  @AfterEach
  void end() {
    go.countDown();
    queue.close();
  }

  private Map<String, Value> run(Map<String, Value> inputs, Set<String> outputs, long deadline) {
    List<Integer> rows = ints(inputs, "x");
    runs.add(rows);
    started.countDown();
    try {
      go.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    if (rows.contains(-1)) {
      throw Failure.invalid("no negative rows");
    }
    return Map.of("y", value(rows.stream().mapToInt(i -> 2 * i).toArray()));
  }

  private static byte[] bytes(int... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int value : values) {
      bytes.putInt(value);
    }
    return bytes.array();
  }

  private static Value value(int... values) {
    return Value.of(Element.INT32, Shape.of(values.length), bytes(values));
  }

  private static List<Integer> ints(Map<String, Value> values, String name) {
    List<Integer> ints = new ArrayList<>();
    ByteBuffer bytes = java.util.Objects.requireNonNull(values.get(name)).bytes();
    while (bytes.hasRemaining()) {
      ints.add(bytes.getInt());
    }
    return ints;
  }

  private CompletableFuture<Map<String, Value>> submit(int... rows) {
    return queue.submit(Map.of("x", value(rows)), Y, false, System.nanoTime() + FAR);
  }

  /** Starts a run that is held, so that all that follows waits. */
  private void hold() throws InterruptedException {
    var unused = submit(100);
    started.await();
  }

  private static int[] range(int from, int count) {
    int[] rows = new int[count];
    for (int i = 0; i < count; i++) {
      rows[i] = from + i;
    }
    return rows;
  }

  @Test
  void whatWaitsIsMergedAndEachGetsItsOwn() throws InterruptedException {
    hold();
    var a = submit(1, 2);
    var b = submit(3);
    var c = submit(4, 5, 6);
    go.countDown();
    assertEquals(List.of(2, 4), ints(a.join(), "y"));
    assertEquals(List.of(6), ints(b.join(), "y"));
    assertEquals(List.of(8, 10, 12), ints(c.join(), "y"));
    assertEquals(List.of(List.of(100), List.of(1, 2, 3, 4, 5, 6)), runs);
  }

  @Test
  void aLargeRequestIsCutAndPutTogether() throws InterruptedException {
    hold();
    var large = submit(range(0, 20));
    go.countDown();
    List<Integer> expected = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      expected.add(2 * i);
    }
    assertEquals(expected, ints(large.join(), "y"));
    assertEquals(List.of(1, 8, 8, 4), runs.stream().map(List::size).toList());
  }

  /** 40 rows of one come first; the single row of another is in the next batch all the same. */
  @Test
  void aSingleRowDoesNotWaitForAllRowsOfAnother() throws InterruptedException {
    hold();
    var large = submit(range(0, 40));
    var single = submit(77);
    go.countDown();
    assertEquals(List.of(154), ints(single.join(), "y"));
    assertEquals(40, ints(large.join(), "y").size());
    assertTrue(runs.get(1).contains(77), runs.toString());
    assertEquals(8, runs.get(1).size());
  }

  @Test
  void tooMuchIsRefusedAndLaterTakenAgain() throws InterruptedException {
    hold();
    var unused = List.of(submit(range(0, 99)), submit(1));
    Failure failure = assertThrows(Failure.class, () -> submit(1));
    assertEquals(Code.UNAVAILABLE, failure.code());
    assertTrue(failure.text().contains("queue to which this task was submitted is full"));
    assertEquals(100, queue.depth());
    go.countDown();
    assertEquals(List.of(4), ints(untilTaken(2).join(), "y"));
    // What is larger than the queue is taken where nothing waits.
    assertEquals(300, ints(untilTaken(range(0, 300)).join(), "y").size());
  }

  private CompletableFuture<Map<String, Value>> untilTaken(int... rows) {
    while (true) {
      try {
        return submit(rows);
      } catch (Failure full) {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void oneThatFailsFailsAlone() throws InterruptedException {
    hold();
    var bad = submit(1, -1);
    var good = submit(5);
    go.countDown();
    assertEquals(List.of(10), ints(good.join(), "y"));
    Failure failure = Failure.of(assertThrows(CompletionException.class, bad::join));
    assertEquals("no negative rows", failure.text());
    assertEquals(Code.INVALID_ARGUMENT, failure.code());
  }

  @Test
  void whatIsCancelledOrTooLateIsNotRun() throws InterruptedException {
    hold();
    var cancelled = submit(1);
    cancelled.cancel(false);
    var late = queue.submit(Map.of("x", value(2)), Y, false, System.nanoTime() - 1);
    var good = submit(3);
    go.countDown();
    assertEquals(List.of(6), ints(good.join(), "y"));
    assertEquals(
        Code.DEADLINE_EXCEEDED,
        Failure.of(assertThrows(CompletionException.class, late::join)).code());
    assertEquals(List.of(List.of(100), List.of(3)), runs);
  }

  @Test
  void paddingRepeatsARowAndIsCutOff() throws InterruptedException {
    queue = queue(new Batching(8, Duration.ZERO, 100, List.of(2, 4, 8)));
    hold();
    var a = submit(1, 2, 3);
    var b = submit(7, 8);
    go.countDown();
    assertEquals(List.of(2, 4, 6), ints(a.join(), "y"));
    assertEquals(List.of(14, 16), ints(b.join(), "y"));
    assertEquals(List.of(List.of(100, 100), List.of(1, 2, 3, 7, 8, 7, 7, 7)), runs);
  }

  @Test
  void rowsOfOtherShapesAreNotMerged() throws InterruptedException {
    hold();
    var a = submit(1);
    Value wide = Value.of(Element.INT32, Shape.of(1, 2), bytes(5, 6));
    var b = queue.submit(Map.of("x", wide), Y, false, System.nanoTime() + FAR);
    go.countDown();
    assertEquals(List.of(2), ints(a.join(), "y"));
    assertThrows(CompletionException.class, b::join); // the runner answers with two rows
    assertEquals(List.of(1), runs.get(1));
  }

  @Test
  void whatMustBeAloneIsAlone() throws InterruptedException {
    hold();
    var a = submit(1);
    var alone = queue.submit(Map.of("x", value(2, 3)), Y, true, System.nanoTime() + FAR);
    var b = submit(4);
    go.countDown();
    assertEquals(List.of(4, 6), ints(alone.join(), "y"));
    assertEquals(List.of(2), ints(a.join(), "y"));
    assertEquals(List.of(8), ints(b.join(), "y"));
    assertTrue(runs.contains(List.of(2, 3)), runs.toString());
  }

  @Test
  void closedItRunsWhatWaitsAndTakesNoMore() throws InterruptedException {
    hold();
    var waiting = submit(1);
    queue.close();
    assertEquals(Code.UNAVAILABLE, assertThrows(Failure.class, () -> submit(2)).code());
    go.countDown();
    assertEquals(List.of(2), ints(waiting.join(), "y"));
    assertFalse(runs.stream().anyMatch(run -> run.contains(2)));
  }
}
