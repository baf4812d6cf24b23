package org.tfddpm.sample;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TType;
import org.tfddpm.model.Conditions;
import org.tfddpm.model.Model;

/**
 * What each picture of a batch is made of; a row's picture depends on its own row only.
 *
 * @param seed [B], 0 ... 2^24-1
 * @param eta [B], 0 ... 1; of no effect where the method has none
 * @param label [B], 0 ... classes-1, or classes for none; null exactly if neither the model nor
 *     what guides it has classes
 * @param guidance [B], w of classifier-free guidance, from 0; null for none at all
 */
public record Rows(
    Operand<TInt32> seed,
    Operand<TFloat32> eta,
    @Nullable Operand<TInt32> label,
    @Nullable Operand<TFloat32> guidance) {
  /**
   * Placeholders of these names.
   *
   * @param labelled whether there are labels
   * @param guided whether there is classifier-free guidance
   */
  public static Rows placeholders(Ops tf, boolean labelled, boolean guided) {
    return new Rows(
        placeholder(tf, "seed", TInt32.class),
        placeholder(tf, "eta", TFloat32.class),
        labelled ? placeholder(tf, "label", TInt32.class) : null,
        guided ? placeholder(tf, "guidance", TFloat32.class) : null);
  }

  /** The same, each an operation of its own. */
  Rows passedOn(Ops tf) {
    return new Rows(
        tf.identity(seed),
        tf.identity(eta),
        label == null ? null : tf.identity(label),
        guidance == null ? null : tf.identity(guidance));
  }

  /** What the network of a model is told. */
  Conditions told(Model model, double rescale) {
    return model.isConditional() ? new Conditions(label, guidance, rescale) : Conditions.NONE;
  }

  /** Those that there are. */
  List<Operand<?>> all() {
    List<Operand<?>> all = new ArrayList<>(List.of(seed, eta));
    if (label != null) {
      all.add(label);
    }
    if (guidance != null) {
      all.add(guidance);
    }
    return all;
  }

  private static <T extends TType> Operand<T> placeholder(Ops tf, String name, Class<T> type) {
    return tf.withName(name).placeholder(type, Placeholder.shape(Shape.of(-1)));
  }
}
