package org.tfddpm.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tfddpm.data.Source;
import org.tfddpm.model.Model;
import org.tfddpm.nn.Variables.Variable;
import org.tfddpm.spec.GraphSpec;
import org.tfddpm.testing.Floats;
import org.tfddpm.testing.TestSpecs;

/**
 * The gradient of the whole training loss against central differences, for each weight of the
 * network and for all together. With beta1 = 0 and no clipping Adam's first moment after a step is
 * the gradient.
 */
class GradientTest {
  private final Random random = new Random(5);

  @ParameterizedTest
  @CsvSource({"SIMPLE, BETA", "VLB, LEARNED_RANGE"})
  void gradientIsTheSlopeOfTheLoss(String loss, String variance) {
    GraphSpec spec =
        TestSpecs.tiny(
            "diffusion.loss=" + loss,
            "diffusion.variance=" + variance,
            "training.adam_beta1=0",
            "training.clip_norm=0",
            "unet.dropout=0.1",
            "unet.attention_heads=2",
            "data.horizontal_flip=true");
    try (TrainingGraph graph =
            new TrainingGraph(
                Model.of(spec), Source.open(spec.getData().getSource()), warning -> {});
        Session session = new Session(graph.graph())) {
      // Not the first weights: many layers start at zero and hide those before them.
      List<float[]> weights = new ArrayList<>();
      for (Variable weight : graph.weights()) {
        float offset = weight.path().endsWith("gamma") ? 1 : 0;
        weights.add(normal(weight, 0.2f, offset));
      }
      List<float[]> gradients = gradients(graph, weights);
      // Half along the gradient, whose slope stands out of the rounding, half anywhere.
      List<float[]> directions = new ArrayList<>();
      for (int i = 0; i < weights.size(); i++) {
        float[] along = unit(gradients.get(i));
        float[] anywhere = unit(normal(graph.weights().get(i), 1, 0));
        for (int k = 0; k < along.length; k++) {
          along[k] += anywhere[k];
        }
        directions.add(along);
      }

      double rounding = 3e-5 * Math.max(1, loss(graph, session, weights));
      double all = 0;
      for (int i = 0; i < weights.size(); i++) {
        String path = graph.weights().get(i).path();
        double expected = dot(gradients.get(i), directions.get(i));
        int only = i;
        double slope = slope(graph, session, weights, directions, 0.02, k -> k == only);
        assertTrue(dot(gradients.get(i), gradients.get(i)) > 0, path);
        assertEquals(expected, slope, 0.02 * Math.abs(expected) + rounding, path);
        all += expected;
      }
      double slope = slope(graph, session, weights, directions, 0.002, k -> true);
      assertEquals(1, slope / all, 0.005);
    }
  }

  private interface Which {
    boolean moves(int weight);
  }

  private static double slope(
      TrainingGraph graph,
      Session session,
      List<float[]> weights,
      List<float[]> directions,
      double step,
      Which which) {
    double up = loss(graph, session, moved(weights, directions, step, which));
    double down = loss(graph, session, moved(weights, directions, -step, which));
    return (up - down) / (2 * step);
  }

  private static List<float[]> moved(
      List<float[]> weights, List<float[]> directions, double by, Which which) {
    List<float[]> moved = new ArrayList<>();
    for (int i = 0; i < weights.size(); i++) {
      float[] values = weights.get(i).clone();
      for (int k = 0; which.moves(i) && k < values.length; k++) {
        values[k] += (float) (by * directions.get(i)[k]);
      }
      moved.add(values);
    }
    return moved;
  }

  private static double loss(TrainingGraph graph, Session session, List<float[]> weights) {
    // The same images each time.
    graph.startInput(session);
    try (Result result =
        fed(graph, weights, session.runner()).fetch(graph.loss().asOutput()).run()) {
      return Floats.of(result.get(0))[0];
    }
  }

  /** In a session of its own, since it takes the step that the losses are of. */
  private static List<float[]> gradients(TrainingGraph graph, List<float[]> weights) {
    List<float[]> gradients = new ArrayList<>();
    try (Session once = new Session(graph.graph())) {
      graph.startInput(once);
      fed(graph, weights, once.runner()).addTarget(graph.update()).run().close();
      for (int i = 0; i < graph.weights().size(); i++) {
        try (Result result = once.runner().fetch(graph.moments().get(2 * i).value()).run()) {
          gradients.add(Floats.of(result.get(0)));
        }
      }
    }
    return gradients;
  }

  private static Session.Runner fed(
      TrainingGraph graph, List<float[]> weights, Session.Runner runner) {
    for (int i = 0; i < weights.size(); i++) {
      Variable weight = graph.weights().get(i);
      // Freed with its Java object: a few megabytes in all.
      runner.feed(weight.value(), Floats.tensor(weights.get(i), weight.shape().asArray()));
    }
    return runner;
  }

  private float[] normal(Variable weight, float deviation, float offset) {
    float[] values = new float[(int) weight.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = offset + deviation * (float) random.nextGaussian();
    }
    return values;
  }

  private static float[] unit(float[] values) {
    float[] scaled = new float[values.length];
    double norm = Math.sqrt(dot(values, values));
    for (int i = 0; i < values.length; i++) {
      scaled[i] = (float) (values[i] / norm);
    }
    return scaled;
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }
}
