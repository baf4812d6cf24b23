package org.tfddpm.train;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TType;
import org.tfddpm.data.Source;
import org.tfddpm.diffusion.Expr;
import org.tfddpm.model.Model;
import org.tfddpm.nn.Net;
import org.tfddpm.nn.Precision;
import org.tfddpm.nn.Variables;
import org.tfddpm.nn.Variables.Variable;
import org.tfddpm.run.Saver;
import org.tfddpm.run.StoredWeights;
import org.tfddpm.spec.BadInput;
import org.tfddpm.spec.GraphSpec;

/**
 * The whole training step as one graph: images, noise, network, loss, gradients, Adam, averages.
 * One run of its session is one step, and nothing is fed.
 */
public final class TrainingGraph implements AutoCloseable {
  private final Graph graph = new Graph();
  private final Variables variables;
  private final Examples examples;
  private final Saver saver;
  private final Averages averages;
  private final List<Variable> moments;
  private final Operand<TInt64> step;
  private final Expr loss;
  private final @Nullable Expr accuracy;
  private final Expr gradNorm;
  private final Expr learningRate;
  private final Op update;

  private final Source source;
  private @Nullable String fingerprint;

  /**
   * Builds the graph.
   *
   * @param warn is told of broken images
   * @throws BadInput if the model asks for labels that the source does not have
   */
  public TrainingGraph(Model model, Source source, Consumer<String> warn) {
    this.source = source;
    GraphSpec spec = model.spec();
    GraphSpec.Training training = spec.getTraining();
    Ops tf = Ops.create(graph);
    Operand<? extends TType> stepHandle =
        tf.varHandleOp(TInt64.class, Shape.scalar(), VarHandleOp.sharedName("step"));
    Ops init = tf.withInitScope();
    init.assignVariableOp(stepHandle, init.constant(0L));
    step = tf.readVariableOp(stepHandle, TInt64.class);
    StepRandom random = new StepRandom(tf, training.getSeed(), step);
    examples = new Examples(tf, model, source, random, step, warn);
    TimeSampling times = TimeSampling.of(tf, spec, random);
    Expr epsilon = random.noise(tf, examples.images().shape());
    variables = new Variables(training.getSeed());
    Net net = Net.training(tf, variables, random.dropout(), precision(training));
    Objective objective = Objective.of(model, net, examples, times.t(), epsilon);
    loss = times.mean(objective.losses());
    accuracy = objective.accuracy();

    List<Variable> weights = variables.all();
    Gradients gradients = new Gradients(tf, graph, loss, weights, training.getClipNorm());
    gradNorm = gradients.norm();
    learningRate = learningRate(tf, training, step);
    Adam adam = new Adam(tf, training, weights, gradients.clipped(), learningRate, step);
    moments = adam.moments();
    averages = new Averages(tf, training.getEmaDecay(), weights, adam.updates());
    List<Op> before = new ArrayList<>(averages.updates());
    before.addAll(times.remember(objective.losses()));
    update = tf.withControlDependencies(before).assignAddVariableOp(stepHandle, tf.constant(1L));
    saver = saver(tf, stepHandle, List.of(weights, averages.variables(), moments, times.memory()));
  }

  /**
   * What a step gives.
   *
   * @param accuracy of a classifier, 0 ... 1; null of other models
   * @param gradNorm global norm of the gradients before clipping
   */
  public record StepResult(
      float loss, @Nullable Float accuracy, float gradNorm, float learningRate) {
    /** Whether training can go on from here. */
    public boolean isFinite() {
      return Float.isFinite(loss) && Float.isFinite(gradNorm);
    }
  }

  /** The graph, for sessions. */
  public Graph graph() {
    return graph;
  }

  /** Writes and restores everything that training goes on from. */
  public Saver saver() {
    return saver;
  }

  /** Number of operations in the graph. */
  public long operations() {
    long count = 0;
    for (Iterator<GraphOperation> all = graph.operations(); all.hasNext(); all.next()) {
      count++;
    }
    return count;
  }

  /** Steps taken, as the session's variables say. */
  public long stepsTaken(Session session) {
    try (Result result = session.runner().fetch(step).run()) {
      return ((TInt64) result.get(0)).getLong();
    }
  }

  /** The averaged weights as they are now. */
  public StoredWeights averages(Session session) {
    return fetch(session, averages.variables());
  }

  /** The weights as they are now. */
  public StoredWeights weights(Session session) {
    return fetch(session, variables.all());
  }

  /** The loss of the step that is next, a scalar. */
  Expr loss() {
    return loss;
  }

  /** What takes the step. */
  Op update() {
    return update;
  }

  /** The weights. */
  List<Variable> weights() {
    return variables.all();
  }

  /** The first and second moments, in turn, in the order of the weights. */
  List<Variable> moments() {
    return moments;
  }

  /** Begins to read images at the position of the steps taken. */
  public void startInput(Session session) {
    examples.input().start(session);
  }

  /** Takes one step. */
  public StepResult run(Session session) {
    Session.Runner runner =
        session
            .runner()
            .addTarget(update)
            .fetch(loss.asOutput())
            .fetch(gradNorm.asOutput())
            .fetch(learningRate.asOutput());
    if (accuracy != null) {
      runner.fetch(accuracy.asOutput());
    }
    try (Result result = runner.run()) {
      return new StepResult(
          scalar(result, 0),
          accuracy == null ? null : scalar(result, 3),
          scalar(result, 1),
          scalar(result, 2));
    }
  }

  private static float scalar(Result result, int index) {
    return ((TFloat32) result.get(index)).getFloat();
  }

  /**
   * Looks for broken images after a step has failed, and leaves them out from now on.
   *
   * @return whether there were any; if not, the step failed for another reason
   */
  public boolean leaveOutBrokenImages(Session session, long stepsTaken, int batch) {
    return examples.input().restartWithoutBroken(session, stepsTaken * batch);
  }

  @Override
  public void close() {
    examples.input().close();
    graph.close();
  }

  private static StoredWeights fetch(Session session, List<Variable> variables) {
    return StoredWeights.fetch(
        session,
        variables.stream().map(Variable::path).toList(),
        variables.stream().map(Variable::value).toList());
  }

  /** Rises linearly over the warm-up: learningRate min(1, (step+1)/warmup). */
  private static Expr learningRate(Ops tf, GraphSpec.Training training, Operand<TInt64> step) {
    double full = training.getLearningRate();
    if (training.getWarmupSteps() == 0) {
      return Expr.of(tf, full);
    }
    Expr taken = new Expr(tf, tf.dtypes.cast(step, TFloat32.class));
    return taken.plus(1).times(1.0 / training.getWarmupSteps()).clip(0, 1).times(full);
  }

  /** What its images are told by, {@link Source#fingerprint}. */
  String dataFingerprint() {
    if (fingerprint == null) {
      fingerprint = source.fingerprint();
    }
    return fingerprint;
  }

  private static Precision precision(GraphSpec.Training training) {
    return switch (training.getPrecision()) {
      case FLOAT32 -> Precision.FLOAT32;
      case BFLOAT16 -> Precision.BFLOAT16;
    };
  }

  private Saver saver(Ops tf, Operand<? extends TType> stepHandle, List<List<Variable>> groups) {
    List<Saver.Entry> entries = new ArrayList<>();
    entries.add(new Saver.Entry("step", stepHandle, step));
    for (List<Variable> group : groups) {
      for (Variable variable : group) {
        entries.add(new Saver.Entry(variable.name(), variable.handle(), variable.value()));
      }
    }
    return new Saver(tf, entries);
  }
}
