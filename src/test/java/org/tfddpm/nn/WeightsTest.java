package org.tfddpm.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tfddpm.testing.Floats;

class WeightsTest {
  @Test
  void variablesAreSharedByPathAndStartByTheirPath() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Variables variables = new Variables(7);
      Shape shape = Shape.of(4, 4);
      var a = variables.get(tf, "a.kernel", shape, Init.fanAverage(1));
      var b = variables.get(tf, "b.kernel", shape, Init.fanAverage(1));
      assertSame(a, variables.get(tf, "a.kernel", shape, Init.fanAverage(1)));
      assertEquals(32, variables.parameters());
      assertEquals("live/a.kernel", variables.all().get(0).name());
      assertEquals("a.kernel", variables.all().get(0).path());
      try (Session session = new Session(graph);
          Result result = session.runner().fetch(a).fetch(b).run()) {
        assertFalse(Arrays.equals(Floats.of(result.get(0)), Floats.of(result.get(1))));
      }
    }
  }

  @Test
  void anotherShapeIsNamed() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Variables variables = new Variables(0);
      variables.get(tf, "bias", Shape.of(4), Init.zeros());
      var error =
          assertThrows(
              IllegalArgumentException.class,
              () -> variables.get(tf, "bias", Shape.of(5), Init.zeros()));
      assertEquals("weight bias is [4], asked for as [5]", error.getMessage());
    }
  }

  @Test
  void frozenWeightsAreConstantsNamedByTheirPaths() {
    FrozenWeights weights =
        new FrozenWeights(Map.of("down_0.bias", Floats.tensor(new float[] {1, 2}, 2)));
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      var value =
          weights.get(tf.withSubScope("anywhere"), "down_0.bias", Shape.of(2), Init.zeros());
      assertSame(value, weights.get(tf, "down_0.bias", Shape.of(2), Init.zeros()));
      assertEquals("down_0.bias", value.op().name());
      assertEquals("Const", value.op().type());
      try (Session session = new Session(graph);
          Result result = session.runner().fetch(value).run()) {
        assertArrayEquals(new float[] {1, 2}, Floats.of(result.get(0)));
      }
      var missing =
          assertThrows(
              IllegalArgumentException.class,
              () -> weights.get(tf, "up_0.bias", Shape.of(2), Init.zeros()));
      assertEquals("there is no weight up_0.bias", missing.getMessage());
    }
  }
}
