package org.tfddpm.model;

import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * What the network is told beside x_t and t.
 *
 * @param label [N], 0 ... classes-1, and classes for none; null for a model without classes
 * @param low the low-resolution image, [N,h,w,C] in [-1,1]; null for a model that sees none
 * @param guidance [N], the w of classifier-free guidance; null for none at all
 * @param rescale the phi of guidance, 0 ... 1; 0 is none
 */
public record Conditions(
    @Nullable Operand<TInt32> label,
    @Nullable Operand<TFloat32> low,
    @Nullable Operand<TFloat32> guidance,
    double rescale) {
  /** For a model that is told nothing. */
  public static final Conditions NONE = new Conditions(null, null, null, 0);

  /** A label, without guidance. */
  public static Conditions label(Operand<TInt32> label) {
    return new Conditions(label, null, null, 0);
  }

  /** The same with a low-resolution image. */
  public Conditions withLow(@Nullable Operand<TFloat32> image) {
    return new Conditions(label, image, guidance, rescale);
  }
}
