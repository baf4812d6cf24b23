package org.tfddpm.evaluate;

/**
 * Features of N images: N vectors of d values, one after the other.
 *
 * @param values N * d of them
 * @param dimension d
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Vectors(float[] values, int dimension) {
  /** Whole vectors only. */
  public Vectors {
    if (dimension < 1 || values.length % dimension != 0) {
      throw new IllegalArgumentException(values.length + " values, " + dimension + " a vector");
    }
  }

  /** N. */
  public int count() {
    return values.length / dimension;
  }

  double at(int row, int i) {
    return values[row * dimension + i];
  }

  /** x_row . y_otherRow. */
  double dot(int row, Vectors other, int otherRow) {
    double sum = 0;
    for (int i = 0; i < dimension; i++) {
      sum += at(row, i) * other.at(otherRow, i);
    }
    return sum;
  }

  /** |x_row - y_otherRow|^2. */
  double squaredDistance(int row, Vectors other, int otherRow) {
    double sum = 0;
    for (int i = 0; i < dimension; i++) {
      double difference = at(row, i) - other.at(otherRow, i);
      sum += difference * difference;
    }
    return sum;
  }

  /** Some of the vectors. */
  Vectors rows(int[] rows) {
    float[] chosen = new float[rows.length * dimension];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(values, rows[i] * dimension, chosen, i * dimension, dimension);
    }
    return new Vectors(chosen, dimension);
  }

  /** So many of the vectors, drawn without order, the same ones every time. */
  Vectors draw(int count) {
    return rows(Rows.draw(count(), count));
  }
}
