package org.tfddpm.unet;

import java.util.List;

/**
 * The sizes of a U-Net. Whoever makes one has checked them: groups divide every level's channels,
 * heads divide the channels of attention, height and width can be halved between the levels.
 *
 * @param outChannels of the output: the image's, or twice as many where it tells a variance, too
 * @param baseChannels channels of the first level, even
 * @param multipliers a level each: its channels are baseChannels times this
 * @param blocks residual blocks of a level on the way down; one more on the way up
 * @param attentionHeights heights of the feature maps that attend to themselves
 * @param dropout probability in [0,1)
 */
public record UNetConfig(
    int outChannels,
    int baseChannels,
    List<Integer> multipliers,
    int blocks,
    List<Integer> attentionHeights,
    int heads,
    int groups,
    double dropout) {
  /** Copies the lists. */
  public UNetConfig {
    multipliers = List.copyOf(multipliers);
    attentionHeights = List.copyOf(attentionHeights);
  }

  int levels() {
    return multipliers.size();
  }

  /** Of the way down, the middle and the way up. */
  int residualBlocks() {
    return levels() * blocks + 2 + levels() * (blocks + 1);
  }

  long channelsAt(int level) {
    return (long) baseChannels * multipliers.get(level);
  }
}
