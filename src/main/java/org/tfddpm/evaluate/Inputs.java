package org.tfddpm.evaluate;

import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tfddpm.diffusion.Expr;
import org.tfddpm.diffusion.SeededNormal;
import org.tfddpm.sample.Fed;
import org.tfddpm.spec.GraphSpec;

/**
 * What a network in a graph is asked about.
 *
 * @param x [n,H,W,C]
 * @param seeds of each image's noise, [n]
 * @param t [n]
 */
record Inputs(
    GraphSpec.Image size,
    Placeholder<TFloat32> x,
    Placeholder<TInt32> seeds,
    Placeholder<TInt32> t) {
  /** Placeholders of these names. */
  static Inputs of(Ops tf, GraphSpec.Image size) {
    Shape images = Shape.of(-1, size.getHeight(), size.getWidth(), size.getChannels());
    Placeholder.Options rows = Placeholder.shape(Shape.of(-1));
    return new Inputs(
        size,
        tf.withName("x").placeholder(TFloat32.class, Placeholder.shape(images)),
        tf.withName("seed").placeholder(TInt32.class, rows),
        tf.withName("t").placeholder(TInt32.class, rows));
  }

  /** A draw of each image's noise, [n,H,W,C]. */
  Expr noise(Ops tf, Operand<TInt32> draw) {
    return SeededNormal.of(tf, seeds, draw, size.getHeight(), size.getWidth(), size.getChannels());
  }

  /** How many values an image has. */
  int dimension() {
    return size.getHeight() * size.getWidth() * size.getChannels();
  }

  /** How many images these are. */
  int count(float[] values) {
    return values.length / dimension();
  }

  /**
   * A run of a session that asks about images.
   *
   * @param values [n,H,W,C]
   * @param firstSeed of the first image; they count up
   * @param at the time step of all
   */
  Fed fed(Session session, float[] values, int firstSeed, int at) {
    int n = count(values);
    Fed fed = new Fed(session.runner());
    fed.give(
        x, TFloat32.tensorOf(x.shape().tail().prepend(n), DataBuffers.of(values, true, false)));
    fed.ints(seeds, IntStream.range(firstSeed, firstSeed + n));
    all(fed, t, n, at);
    return fed;
  }

  /** Gives n images the same. */
  static void all(Fed fed, Operand<TInt32> to, int n, int value) {
    fed.ints(to, IntStream.generate(() -> value).limit(n));
  }

  /** So many values of a result. */
  static float[] floats(Result result, int index, int count) {
    float[] values = new float[count];
    ((TFloat32) result.get(index)).copyTo(DataBuffers.of(values, false, false));
    return values;
  }
}
