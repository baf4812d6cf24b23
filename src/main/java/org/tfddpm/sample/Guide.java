package org.tfddpm.sample;

import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tfddpm.diffusion.Classifier;
import org.tfddpm.diffusion.ClassifierGuidance;
import org.tfddpm.diffusion.ReverseProcess;
import org.tfddpm.model.Model;
import org.tfddpm.nn.FrozenWeights;
import org.tfddpm.nn.Net;

/**
 * A classifier of noisy images that leads pictures to their labels.
 *
 * @param model a classifier of the guided model's noise: of its image size and its schedule
 * @param weights by dotted path; copied into each graph
 * @param scale s of classifier guidance, from 0 (none)
 */
public record Guide(Model model, Map<String, TFloat32> weights, double scale) {
  /**
   * A process led by it.
   *
   * @param label [N], 0 ... classes-1, or classes for none
   */
  ReverseProcess lead(ReverseProcess process, Operand<TInt32> label) {
    Classifier classifier =
        model.classifier(
            Net.inference(process.q().coefficients().tf(), new FrozenWeights(weights)));
    return ClassifierGuidance.of(
        process, (x, t) -> classifier.look(x, t).logProbability(label), scale);
  }
}
