package org.tfddpm.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.StdArrays;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt64;

class OrderTest {
  private static final long TWO_TO_32 = 1L << 32;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 1500})
  void showsEachImageOnceAnEpoch(int count) {
    for (long epoch : new long[] {0, 1, 5}) {
      long[] order = epoch(epoch, count, 0);
      Arrays.sort(order);
      assertArrayEquals(LongStream.range(0, count).toArray(), order, "epoch " + epoch);
    }
  }

  @Test
  void shufflesEachEpochAnotherWay() {
    Set<List<Long>> orders = new HashSet<>();
    orders.add(boxed(LongStream.range(0, 100).toArray()));
    for (long epoch : new long[] {0, 1, 2, 3, 256, 512, 65_536, TWO_TO_32}) {
      orders.add(boxed(epoch(epoch, 100, 0)));
    }
    assertEquals(9, orders.size());
  }

  /** Both halves of a seed count, and its sign. */
  @Test
  void shufflesEachSeedAnotherWay() {
    long[] seeds = {
      0,
      1,
      5,
      -1,
      -5,
      5 + TWO_TO_32,
      5 + 2 * TWO_TO_32,
      5 - TWO_TO_32,
      Long.MAX_VALUE,
      Long.MIN_VALUE
    };
    Set<List<Long>> orders = new HashSet<>();
    for (long seed : seeds) {
      long[] order = epoch(3, 100, seed);
      orders.add(boxed(order));
      Arrays.sort(order);
      assertArrayEquals(LongStream.range(0, 100).toArray(), order, "seed " + seed);
    }
    assertEquals(seeds.length, orders.size());
  }

  /** An order of epochs is no order of seeds: seed s + 1 is not seed s an epoch later. */
  @Test
  void keepsSeedsAndEpochsApart() {
    assertFalse(Arrays.equals(epoch(1, 100, 0), epoch(0, 100, 1)));
    assertFalse(Arrays.equals(epoch(1, 100, 0), epoch(0, 100, TWO_TO_32)));
  }

  @Test
  void dependsOnThePositionAlone() {
    long[] together = at(LongStream.range(0, 60).toArray(), 23, 9);
    for (int position : new int[] {0, 22, 23, 45, 46, 59}) {
      assertArrayEquals(new long[] {together[position]}, at(new long[] {position}, 23, 9));
    }
    // Batches of 7 end neither with an epoch nor with one another.
    for (int from = 0; from + 7 <= 60; from += 7) {
      assertArrayEquals(
          Arrays.copyOfRange(together, from, from + 7),
          at(LongStream.range(from, from + 7).toArray(), 23, 9));
    }
  }

  @Test
  void goesOnWithTheNextEpochInsideABatch() {
    long[] across = at(LongStream.range(18, 28).toArray(), 23, 9);
    assertArrayEquals(Arrays.copyOfRange(epoch(0, 23, 9), 18, 23), Arrays.copyOf(across, 5));
    assertArrayEquals(Arrays.copyOf(epoch(1, 23, 9), 5), Arrays.copyOfRange(across, 5, 10));
  }

  @Test
  void countsFarBeyond32Bits() {
    long[] order = epoch(5 * TWO_TO_32 / 7, 7, 0);
    Arrays.sort(order);
    assertArrayEquals(LongStream.range(0, 7).toArray(), order);
  }

  /** The last index is a power of two: none is left out, none is shown twice. */
  @Test
  void permutesCountsThatAreOneMoreThanAPowerOfTwo() {
    for (int count : new int[] {3, 5, 257, 65_537}) {
      long[] order = epoch(2, count, 0);
      Arrays.sort(order);
      assertArrayEquals(LongStream.range(0, count).toArray(), order, "count " + count);
    }
  }

  /** By their first three images, 2,000 epochs are all different. */
  @Test
  void repeatsNoEpoch() {
    Set<List<Long>> orders = new HashSet<>();
    long[][] places = {firsts(60_000, 0), firsts(60_000, 1), firsts(60_000, 2)};
    for (int epoch = 0; epoch < 2000; epoch++) {
      orders.add(List.of(places[0][epoch], places[1][epoch], places[2][epoch]));
    }
    assertEquals(2000, orders.size());
  }

  /** Which image comes first, over 2,000 epochs of ten. */
  @Test
  void beginsWithEachImageAsOften() {
    long[] firsts = firsts(10, 0);
    assertUniform(firsts, 10, 27.88);
  }

  /** Which image comes first after which one, in epochs that follow each other. */
  @Test
  void shufflesEpochsIndependently() {
    long[] firsts = firsts(10, 0);
    long[] pairs = new long[firsts.length];
    Arrays.setAll(pairs, e -> 10 * firsts[e] + firsts[(e + 1) % firsts.length]);
    assertUniform(pairs, 100, 148.23);
  }

  /** Which tenth of the images comes first, and which comes second. */
  @ParameterizedTest
  @ValueSource(ints = {1_000, 60_000, 100_000})
  void shufflesNeighboursIndependently(int count) {
    long[] firsts = firsts(count, 0);
    long[] seconds = firsts(count, 1);
    long[] pairs = new long[firsts.length];
    Arrays.setAll(pairs, e -> 10 * (10 * firsts[e] / count) + 10 * seconds[e] / count);
    assertUniform(pairs, 100, 148.23);
  }

  /** The images at one place of 2,000 epochs. */
  private static long[] firsts(int count, int place) {
    return at(LongStream.range(0, 2000).map(e -> count * e + place).toArray(), count, 0);
  }

  /** The bound is that of chi-squared which chance exceeds once in a thousand times. */
  private static void assertUniform(long[] values, int bins, double bound) {
    int[] seen = new int[bins];
    for (long value : values) {
      seen[(int) value]++;
    }
    double expected = (double) values.length / bins;
    double chiSquared =
        Arrays.stream(seen).mapToDouble(n -> (n - expected) * (n - expected) / expected).sum();
    assertTrue(chiSquared < bound, chiSquared + " of " + Arrays.toString(seen));
  }

  private static long[] epoch(long epoch, int count, long seed) {
    return at(LongStream.range(epoch * count, (epoch + 1) * count).toArray(), count, seed);
  }

  private static long[] at(long[] positions, long count, long seed) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Operand<TInt64> order = Order.at(tf, tf.constant(positions), count, seed);
      try (Session session = new Session(graph);
          Result result = session.runner().fetch(order).run()) {
        return StdArrays.array1dCopyOf((TInt64) result.get(0));
      }
    }
  }

  private static List<Long> boxed(long[] values) {
    return Arrays.stream(values).boxed().toList();
  }
}
