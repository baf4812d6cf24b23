package org.tfddpm.sample;

import java.util.function.Supplier;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tfddpm.diffusion.Expr;
import org.tfddpm.diffusion.sampler.Inpainting;
import org.tfddpm.diffusion.sampler.Sampler;
import org.tfddpm.spec.GraphSpec;

/**
 * A picture of which a part is to stay.
 *
 * @param x0 [H,W,C] in [-1,1]
 * @param painted [H,W], above 0 where it is painted anew
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Known(float[] x0, float[] painted, GraphSpec.Image size) {
  /** The sampler that keeps it, in the graph that tf builds. */
  Sampler kept(Ops tf, Sampler sampler, Supplier<Expr> noise) {
    return new Inpainting(
        sampler, images(tf, x0, size.getChannels()), images(tf, painted, 1), noise);
  }

  private Expr images(Ops tf, float[] values, int channels) {
    Shape shape = Shape.of(1, size.getHeight(), size.getWidth(), channels);
    return new Expr(tf, tf.constant(shape, DataBuffers.of(values)));
  }
}
