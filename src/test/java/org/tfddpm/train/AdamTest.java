package org.tfddpm.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;
import org.tfddpm.diffusion.Expr;
import org.tfddpm.nn.Init;
import org.tfddpm.nn.Variables;
import org.tfddpm.nn.Variables.Variable;
import org.tfddpm.spec.GraphSpec;
import org.tfddpm.testing.Floats;

/** Adam and the averages against the algorithms as they are printed, in double. */
class AdamTest {
  private static final GraphSpec.Training SPEC =
      GraphSpec.Training.newBuilder()
          .setAdamBeta1(0.8)
          .setAdamBeta2(0.95)
          .setAdamEpsilon(1e-3)
          .build();
  private static final double RATE = 0.1;
  private static final double DECAY = 0.7;

  @Test
  void adamAndTheAverageAreTheAlgorithms() {
    double[] weight = {0, 0};
    double[] m = new double[2];
    double[] v = new double[2];
    double[] average = {0, 0};
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Variables variables = new Variables(0);
      variables.get(tf, "w", Shape.of(2), Init.zeros());
      List<Variable> weights = variables.all();
      Placeholder<TFloat32> gradient =
          tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(2)));
      Placeholder<TInt64> step = tf.placeholder(TInt64.class, Placeholder.shape(Shape.scalar()));
      Adam adam =
          new Adam(tf, SPEC, weights, List.of(new Expr(tf, gradient)), Expr.of(tf, RATE), step);
      Averages averages = new Averages(tf, DECAY, weights, adam.updates());
      try (Session session = new Session(graph)) {
        for (int i = 0; i < 20; i++) {
          float[] g = {(float) Math.sin(i), (float) (0.01 * Math.cos(3 * i))};
          try (TFloat32 fed = Floats.tensor(g, 2);
              TInt64 fedStep = TInt64.scalarOf(i)) {
            session
                .runner()
                .feed(gradient, fed)
                .feed(step, fedStep)
                .addTarget(averages.updates().get(0))
                .run()
                .close();
          }
          for (int k = 0; k < 2; k++) {
            m[k] = 0.8 * m[k] + 0.2 * g[k];
            v[k] = 0.95 * v[k] + 0.05 * g[k] * g[k];
            double correction = Math.sqrt(1 - Math.pow(0.95, i + 1)) / (1 - Math.pow(0.8, i + 1));
            weight[k] -= RATE * correction * m[k] / (Math.sqrt(v[k]) + 1e-3);
            average[k] = DECAY * average[k] + (1 - DECAY) * weight[k];
          }
          same(weight, session, weights.get(0).value());
          same(average, session, averages.variables().get(0).value());
          same(m, session, adam.moments().get(0).value());
          same(v, session, adam.moments().get(1).value());
        }
      }
    }
  }

  private static void same(double[] expected, Session session, Operand<TFloat32> value) {
    try (Result result = session.runner().fetch(value).run()) {
      float[] given = Floats.of(result.get(0));
      for (int i = 0; i < expected.length; i++) {
        assertEquals(expected[i], given[i], 2e-6);
      }
    }
  }
}
