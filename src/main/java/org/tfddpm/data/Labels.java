package org.tfddpm.data;

import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.tfddpm.spec.BadInput;

/**
 * Which class each image of a source is of. They are read when they are first asked for: who shows
 * images alone neither waits for labels nor stumbles over broken ones.
 */
public final class Labels {
  private final Supplier<Table> read;
  private @Nullable Table table;

  private Labels(Supplier<Table> read) {
    this.read = read;
  }

  /**
   * No labels.
   *
   * @param why tells who needs them which source has none and what it would take
   */
  static Labels none(String why) {
    return new Labels(() -> new Table(List.of(), new int[0], why));
  }

  /** Label ofImages[i] of image i counts in the names. */
  static Labels of(List<String> names, int[] ofImages) {
    return new Labels(() -> new Table(names, ofImages, ""));
  }

  /** Classes without names: they are called "0", "1", ... up to the largest label. */
  static Labels numbered(int[] ofImages) {
    int largest = Arrays.stream(ofImages).max().orElseThrow();
    return of(IntStream.rangeClosed(0, largest).mapToObj(Integer::toString).toList(), ofImages);
  }

  /** Labels that are read once, when they are needed. */
  static Labels later(Supplier<Labels> read) {
    return new Labels(() -> read.get().table());
  }

  /**
   * The names of the classes, in the order of their labels; empty if there are no labels.
   *
   * @throws BadInput if the labels cannot be read
   */
  public List<String> names() {
    return table().names;
  }

  /**
   * The label of each image, 0 ... names-1.
   *
   * @throws BadInput if there are none, or they cannot be read
   */
  public int[] ofImages() {
    return present().table().ofImages;
  }

  /** These, if there are any. */
  Labels present() {
    if (names().isEmpty()) {
      throw new BadInput(table().why);
    }
    return this;
  }

  private Table table() {
    if (table == null) {
      table = read.get();
    }
    return table;
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Table(List<String> names, int[] ofImages, String why) {}
}
