package org.tfddpm.data;

/**
 * Images of one size that fit in memory.
 *
 * @param pixels the images one after the other, each [height,width,channels], 0 ... 255
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record MemorySource(
    byte[] pixels, long count, int height, int width, int channels, Labels labels)
    implements Source {

  /** Images without labels. */
  public MemorySource(byte[] pixels, long count, int height, int width, int channels) {
    this(pixels, count, height, width, channels, Labels.none("data source: no labels"));
  }

  @Override
  public String fingerprint() {
    return Fingerprint.of(this);
  }

  /** The same images with labels. */
  MemorySource with(Labels labels) {
    return new MemorySource(pixels, count, height, width, channels, labels);
  }
}
