package org.tfddpm.train;

import java.util.function.Consumer;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tfddpm.data.InputPipeline;
import org.tfddpm.data.Source;
import org.tfddpm.diffusion.Expr;
import org.tfddpm.model.Conditions;
import org.tfddpm.model.Model;
import org.tfddpm.spec.GraphSpec;

/**
 * What a training step learns from: a batch of images, their labels and what the network is told.
 */
final class Examples {
  private final InputPipeline input;
  private final Expr images;
  private final Conditions told;

  /**
   * Adds the reading of images to the graph.
   *
   * @param step steps taken before
   * @param warn is told of broken images
   * @throws org.tfddpm.spec.BadInput if the model asks for labels that the source does not have
   */
  Examples(
      Ops tf,
      Model model,
      Source source,
      StepRandom random,
      Operand<TInt64> step,
      Consumer<String> warn) {
    GraphSpec spec = model.spec();
    source.requireClasses(spec, spec.getData().getSource());
    int batch = spec.getTraining().getBatchSize();
    input =
        new InputPipeline(
            tf,
            source,
            spec.getImage(),
            batch,
            spec.getTraining().getSeed(),
            tf.math.mul(step, tf.constant((long) batch)),
            warn,
            model.classes() > 0);
    images = images(tf, spec, random, batch);
    Conditions label =
        model.isConditional() ? Conditions.label(someHidden(tf, spec, random)) : Conditions.NONE;
    told = label.withLow(model.low(images));
  }

  /** Where they are read. */
  InputPipeline input() {
    return input;
  }

  /** [B,H,W,C]. */
  Expr images() {
    return images;
  }

  /** Their labels, [B], if the source is asked for them. */
  Operand<TInt32> labels() {
    return input.labels();
  }

  /**
   * What the network is told of them: labels, if the model is conditional, some of them hidden, and
   * what they are in low resolution, if it sees that.
   */
  Conditions told() {
    return told;
  }

  /** The batch, mirrored at random where the specification says so. */
  private Expr images(Ops tf, GraphSpec spec, StepRandom random, int batch) {
    Operand<TFloat32> images = input.images();
    if (!spec.getData().getHorizontalFlip()) {
      return new Expr(tf, images);
    }
    Operand<TFloat32> mirrored = tf.reverse(images, tf.array(2));
    Operand<TBool> which = tf.math.less(random.flips(tf, batch), tf.constant(0.5f));
    return new Expr(tf, tf.select(which, mirrored, images));
  }

  /** The batch's labels, hidden at random: the index after the last class stands for none. */
  private Operand<TInt32> someHidden(Ops tf, GraphSpec spec, StepRandom random) {
    GraphSpec.Condition condition = spec.getCondition();
    Operand<TInt32> labels = input.labels();
    if (condition.getLabelDropout() == 0) {
      return labels;
    }
    Operand<TFloat32> drawn = random.labels(tf, spec.getTraining().getBatchSize());
    return tf.select(
        tf.math.less(drawn, tf.constant((float) condition.getLabelDropout())),
        tf.constant(condition.getClasses()),
        labels);
  }
}
