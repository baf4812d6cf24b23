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
import org.tfddpm.spec.GraphSpec;

/**
 * What each picture of a batch is made of; a row's picture depends on its own row only.
 *
 * @param seed [B], 0 ... 2^24-1
 * @param eta [B], 0 ... 1; of no effect where the method has none
 * @param label [B], 0 ... classes-1, or classes for none; null exactly if neither the model nor
 *     what guides it has classes
 * @param low the low-resolution image, [B,h,w,C] in [-1,1]; null exactly if the model sees none
 * @param guidance [B], w of classifier-free guidance, from 0; null for none at all
 * @param sampler [B], the number of each one's sampler; null exactly if all have the same
 */
public record Rows(
    Operand<TInt32> seed,
    Operand<TFloat32> eta,
    @Nullable Operand<TInt32> label,
    @Nullable Operand<TFloat32> low,
    @Nullable Operand<TFloat32> guidance,
    @Nullable Operand<TFloat32> sampler) {
  /** All of one sampler. */
  public Rows(
      Operand<TInt32> seed,
      Operand<TFloat32> eta,
      @Nullable Operand<TInt32> label,
      @Nullable Operand<TFloat32> low,
      @Nullable Operand<TFloat32> guidance) {
    this(seed, eta, label, low, guidance, null);
  }

  /**
   * Placeholders of these names.
   *
   * @param guided whether there is classifier-free guidance, where the model allows it
   */
  public static Rows placeholders(Ops tf, Model model, Settings settings, boolean guided) {
    Shape rows = Shape.of(-1);
    GraphSpec.Image small = model.lowSize();
    Shape images = Shape.of(-1, small.getHeight(), small.getWidth(), small.getChannels());
    return new Rows(
        placeholder(tf, "seed", TInt32.class, rows),
        placeholder(tf, "eta", TFloat32.class, rows),
        settings.classes(model) > 0 ? placeholder(tf, "label", TInt32.class, rows) : null,
        model.upsampling() > 1 ? placeholder(tf, "low", TFloat32.class, images) : null,
        guided && model.allowsGuidance()
            ? placeholder(tf, "guidance", TFloat32.class, rows)
            : null);
  }

  /** The same with another eta, and with samplers of their own. */
  public Rows with(Operand<TFloat32> otherEta, Operand<TFloat32> samplers) {
    return new Rows(seed, otherEta, label, low, guidance, samplers);
  }

  /** The same with a placeholder for the number of each one's sampler. */
  Rows withSampler(Ops tf) {
    return with(eta, placeholder(tf, "sampler", TFloat32.class, Shape.of(-1)));
  }

  /** The same, each an operation of its own. */
  Rows passedOn(Ops tf) {
    return new Rows(
        tf.identity(seed),
        tf.identity(eta),
        label == null ? null : tf.identity(label),
        low == null ? null : tf.identity(low),
        guidance == null ? null : tf.identity(guidance),
        sampler == null ? null : tf.identity(sampler));
  }

  /** What the network of a model is told. */
  Conditions told(Model model, double rescale) {
    return new Conditions(model.isConditional() ? label : null, low, guidance, rescale);
  }

  /** Those that there are. */
  List<Operand<?>> all() {
    List<Operand<?>> all = new ArrayList<>(List.of(seed, eta));
    if (label != null) {
      all.add(label);
    }
    if (low != null) {
      all.add(low);
    }
    if (guidance != null) {
      all.add(guidance);
    }
    if (sampler != null) {
      all.add(sampler);
    }
    return all;
  }

  private static <T extends TType> Operand<T> placeholder(
      Ops tf, String name, Class<T> type, Shape shape) {
    return tf.withName(name).placeholder(type, Placeholder.shape(shape));
  }
}
