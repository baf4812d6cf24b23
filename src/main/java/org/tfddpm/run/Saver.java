package org.tfddpm.run;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TString;
import org.tensorflow.types.family.TType;

/**
 * The ops of a graph that write its resource variables to a checkpoint's files and read them back.
 * TensorFlow Java's own saver knows reference variables only.
 */
public final class Saver {
  private final List<Entry> entries;
  private final Placeholder<TString> prefix;
  private final Op write;
  private final Op restore;

  /** A variable and the name it is stored under. */
  public record Entry(
      String name, Operand<? extends TType> handle, Operand<? extends TType> value) {}

  /** Adds the ops to the graph that tf builds. */
  public Saver(Ops tf, List<Entry> entries) {
    this.entries = List.copyOf(entries);
    Ops save = tf.withSubScope("save");
    prefix = save.withName("prefix").placeholder(TString.class);
    Operand<TString> names = save.array(entries.stream().map(Entry::name).toArray(String[]::new));
    Operand<TString> slices = save.array(entries.stream().map(e -> "").toArray(String[]::new));
    List<Operand<?>> values = new ArrayList<>();
    List<Class<? extends TType>> types = new ArrayList<>();
    for (Entry entry : entries) {
      values.add(entry.value());
      types.add(entry.value().type());
    }
    write = save.train.save(prefix, names, slices, values);
    List<Output<?>> read = save.train.restore(prefix, names, slices, types).tensors();
    List<Op> assigns = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      assigns.add(save.assignVariableOp(entries.get(i).handle(), read.get(i)));
    }
    restore = save.withControlDependencies(assigns).noOp();
  }

  /** Names and shapes, for CheckpointInfo. */
  public List<CheckpointInfo.StoredTensor> tensors() {
    return entries.stream()
        .map(
            entry ->
                CheckpointInfo.StoredTensor.newBuilder()
                    .setName(entry.name())
                    .addAllShape(
                        java.util.Arrays.stream(entry.value().shape().asArray()).boxed().toList())
                    .build())
        .toList();
  }

  /** Writes the variables to files that begin with a prefix. */
  public void write(Session session, String filePrefix) {
    run(session, filePrefix, write);
  }

  /** Sets the variables to what files that begin with a prefix hold. */
  public void restore(Session session, String filePrefix) {
    run(session, filePrefix, restore);
  }

  private void run(Session session, String filePrefix, Op op) {
    try (TString fed = TString.scalarOf(filePrefix)) {
      session.runner().feed(prefix, fed).addTarget(op).run().close();
    }
  }
}
