package org.tfddpm.evaluate;

import java.io.IOException;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tfddpm.diffusion.Classifier;
import org.tfddpm.diffusion.Expr;
import org.tfddpm.model.Model;
import org.tfddpm.nn.FrozenWeights;
import org.tfddpm.nn.Net;
import org.tfddpm.run.RunDirectory;
import org.tfddpm.run.StoredWeights;
import org.tfddpm.spec.GraphSpec;
import org.tfddpm.spec.Names;

/** The run of a classifier of noisy images, its latest averages: {@code RUN}. */
final class ClassifierRun {
  /** The outputs by which images can be compared. */
  static final String FEATURES = "features";

  private static final String PROBABILITIES = "probabilities";

  private ClassifierRun() {}

  /** Its network: features before the last layer, or the probabilities of the classes. */
  static FeatureNetwork open(FeaturePlace place, ConfigProto config) {
    Model model = Model.of(RunDirectory.open(place.path()).spec());
    if (!model.isClassifier()) {
      throw place.bad("the run makes pictures; allowed is one of a graph with classifier.classes");
    }
    if (!List.of(FEATURES, PROBABILITIES).contains(place.output())) {
      String known = Names.suggest(place.output(), List.of(FEATURES, PROBABILITIES));
      throw place.bad("a classifier has no output \"" + place.output() + "\"" + known);
    }
    Graph graph = new Graph();
    Ops tf = Ops.create(graph);
    GraphSpec.Image size = model.spec().getImage();
    Shape images = Shape.of(-1, size.getHeight(), size.getWidth(), size.getChannels());
    Placeholder<TFloat32> x = tf.placeholder(TFloat32.class, Placeholder.shape(images));
    Placeholder<TInt32> t = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(-1)));
    try (StoredWeights weights = averages(place)) {
      Classifier.Verdict verdict =
          model
              .classifier(Net.inference(tf, new FrozenWeights(weights.byPath())))
              .look(new Expr(tf, x), t);
      Operand<TFloat32> output =
          place.output().equals(FEATURES) ? verdict.features() : verdict.probabilities();
      Session session = new Session(graph, config);
      return new FeatureNetwork(
          session,
          x.asOutput(),
          output.asOutput(),
          List.of(t.asOutput()),
          () -> {
            session.close();
            graph.close();
          });
    } catch (RuntimeException e) {
      graph.close();
      throw e;
    }
  }

  private static StoredWeights averages(FeaturePlace place) {
    try {
      return StoredWeights.read(
          RunDirectory.open(place.path()).checkpoints().latest(warning -> {}),
          StoredWeights.Kind.AVERAGED);
    } catch (IOException e) {
      throw place.bad("its checkpoint cannot be read", e);
    }
  }
}
