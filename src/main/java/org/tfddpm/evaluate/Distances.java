package org.tfddpm.evaluate;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far pictures are from the data, by the features of both.
 *
 * @param count of pictures
 * @param dataCount of images of the data
 * @param score null where the features are no probabilities
 */
public record Distances(
    int count,
    int dataCount,
    double frechet,
    Estimate kernel,
    PrecisionRecall precisionRecall,
    @Nullable Estimate score) {
  /** Every statistic needs as many vectors in each set. */
  public static final int FEWEST = 4;

  /** Of at least {@link #FEWEST} pictures and images each. */
  public static Distances between(Vectors generated, Vectors data) {
    return new Distances(
        generated.count(),
        data.count(),
        FrechetDistance.between(generated, data),
        KernelDistance.between(generated, data),
        PrecisionRecall.of(generated, data),
        InceptionScore.isDefinedOn(generated) ? InceptionScore.of(generated) : null);
  }

  /**
   * What perfect pictures would have: as many images of the data, or half of them if there are
   * fewer than twice as many, against the others.
   *
   * @param data at least twice {@link #FEWEST}
   */
  public static Distances within(Vectors data, int pictures) {
    int count = Math.min(pictures, data.count() / 2);
    return between(data.draw(count), data.rows(Rows.rest(data.count(), count)));
  }

  /** The statistics by name, as files and programs have them; what is not defined is left out. */
  public Map<String, Object> byName() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("frechet_distance", frechet);
    map.put("kernel_distance", kernel.mean());
    map.put("kernel_distance_standard_error", kernel.deviation());
    map.put("precision", precisionRecall.precision());
    map.put("recall", precisionRecall.recall());
    if (score != null) {
      map.put("inception_score", score.mean());
      map.put("inception_score_deviation", score.deviation());
    }
    return map;
  }
}
