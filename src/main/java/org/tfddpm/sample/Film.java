package org.tfddpm.sample;

import java.util.List;
import java.util.stream.IntStream;
import org.tfddpm.run.Images;

/** What there is to be seen of pictures on their way from noise. */
public final class Film {
  /** What is seen. */
  public enum Shows {
    /** x0Hat: what the network takes the picture for. */
    X0,

    /** x: the picture under its noise. */
    X
  }

  private final Shows shows;
  private final int[] stops;
  private List<byte[]> frames = List.of();

  /**
   * An empty film.
   *
   * @param steps that the pictures take, from 1
   * @param most frames, at least 2; there are no more of them than there is to be seen
   */
  public Film(int steps, int most, Shows shows) {
    this.shows = shows;
    // There is no x0Hat before the first step.
    int first = shows == Shows.X0 ? 1 : 0;
    int count = Math.min(most, steps - first + 1);
    stops =
        IntStream.range(0, count)
            .map(
                i ->
                    count == 1
                        ? steps
                        : first + (int) Math.round(i * (double) (steps - first) / (count - 1)))
            .toArray();
  }

  Shows shows() {
    return shows;
  }

  /** After how many steps the frames are taken, rising; the last one after all. */
  int[] stops() {
    return stops.clone();
  }

  /** Takes the frames, the pixels [N,H,W,C] of each. */
  void expose(List<byte[]> taken) {
    frames = List.copyOf(taken);
  }

  /**
   * The frames, each of all pictures; the last one of what they became.
   *
   * @param like the pictures that were filmed
   */
  public List<Images> frames(Images like) {
    return frames.stream()
        .map(frame -> new Images(frame, like.height(), like.width(), like.channels()))
        .toList();
  }
}
