package org.tfddpm.unet;

import java.util.List;

/**
 * The sizes of a U-Net, or of what a classifier has of it. Whoever makes one has checked them:
 * groups divide every level's channels, heads divide the channels of attention, height and width
 * can be halved between the levels.
 *
 * @param outChannels of the output: the image's, or twice as many where it tells a variance, too; a
 *     classifier's classes
 * @param baseChannels channels of the first level, even
 * @param multipliers a level each: its channels are baseChannels times this
 * @param blocks residual blocks of a level on the way down; one more on the way up
 * @param attention where and how feature maps attend to themselves
 * @param groups of the group normalisation
 * @param dropout probability in [0,1)
 * @param scaleShift whether time and label scale and shift after a block's second norm, as in
 *     Dhariwal &amp; Nichol 2021, or are added before it
 * @param residualResampling whether residual blocks halve and double height and width, as in
 *     Dhariwal &amp; Nichol 2021, or convolutions
 * @param labels rows of the table of labels; 0: there are no labels
 */
public record UNetConfig(
    int outChannels,
    int baseChannels,
    List<Integer> multipliers,
    int blocks,
    AttentionConfig attention,
    int groups,
    double dropout,
    boolean scaleShift,
    boolean residualResampling,
    int labels) {
  /** Copies the lists. */
  public UNetConfig {
    multipliers = List.copyOf(multipliers);
  }

  /**
   * Self-attention.
   *
   * @param heights of the feature maps that have it; the middle always has
   * @param heads how many, unless headChannels is above 0
   * @param headChannels channels of a head
   */
  public record AttentionConfig(List<Integer> heights, int heads, int headChannels) {
    /** Copies the list. */
    public AttentionConfig {
      heights = List.copyOf(heights);
    }

    /** Heads for that many channels. */
    long headsOf(long channels) {
      return headChannels > 0 ? channels / headChannels : heads;
    }
  }

  int levels() {
    return multipliers.size();
  }

  /** Residual blocks of the way down, the middle and the way up. */
  int residualBlocks() {
    return encoderBlocks() + levels() * (blocks + 1) + resamplingBlocks();
  }

  /** Residual blocks of the way down and the middle. */
  int encoderBlocks() {
    return levels() * blocks + resamplingBlocks() + 2;
  }

  /** Between the levels, one way. */
  private int resamplingBlocks() {
    return residualResampling ? levels() - 1 : 0;
  }

  long channelsAt(int level) {
    return (long) baseChannels * multipliers.get(level);
  }
}
