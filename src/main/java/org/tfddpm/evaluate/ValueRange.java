package org.tfddpm.evaluate;

/** What a network takes the values 0 ... 255 of a pixel as: scale * value + shift. */
public enum ValueRange {
  /** As tfddpm's own networks. */
  SIGNED("[-1,1]", 1 / 127.5, -1),
  UNIT("[0,1]", 1 / 255.0, 0),
  BYTE("0 ... 255", 1, 0);

  private final String words;
  private final double scale;
  private final double shift;

  ValueRange(String words, double scale, double shift) {
    this.words = words;
    this.scale = scale;
    this.shift = shift;
  }

  String words() {
    return words;
  }

  double scale() {
    return scale;
  }

  double shift() {
    return shift;
  }
}
