package org.tfddpm.train;

import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tfddpm.diffusion.Classifier;
import org.tfddpm.diffusion.Expr;
import org.tfddpm.diffusion.Loss;
import org.tfddpm.model.Model;
import org.tfddpm.nn.Net;

/**
 * What a training step minimises.
 *
 * @param losses of each image, [B]: the model's loss, or the cross-entropy of a classifier in nats
 * @param accuracy of a classifier, a scalar: which part of the batch it classifies rightly; null of
 *     other models
 */
record Objective(Expr losses, @Nullable Expr accuracy) {
  /**
   * The objective of a batch.
   *
   * @param t [B]
   * @param epsilon the noise to add, [B,H,W,C]
   */
  static Objective of(Model model, Net net, Examples examples, Operand<TInt32> t, Expr epsilon) {
    Expr x0 = examples.images();
    if (model.isClassifier()) {
      Ops tf = net.tf();
      Classifier.Verdict verdict =
          model.classifier(net).look(model.forward(tf).qSample(x0, t, epsilon), t);
      Operand<TInt32> y = examples.labels();
      return new Objective(verdict.logProbability(y).negate(), verdict.hits(y).mean());
    }
    Loss.Example example = Loss.Example.of(model.reverse(net, examples.told()), x0, t, epsilon);
    return new Objective(model.loss().of(example), null);
  }
}
