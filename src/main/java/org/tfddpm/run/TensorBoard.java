package org.tfddpm.run;

import com.google.protobuf.ByteString;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.SessionLog;
import org.tensorflow.proto.Summary;

/** An events file for TensorBoard: the metrics as scalars, the grids as images. */
public final class TensorBoard implements AutoCloseable {
  private final DataOutputStream out;
  private final Clock clock;

  /**
   * Begins a new events file of a run that has taken some steps; TensorBoard forgets what older
   * files hold of later ones.
   */
  public TensorBoard(Path run, long step, Clock clock) throws IOException {
    this(run, clock);
    // From the step that is taken next: it forgets that step, too.
    write(
        event(step + 1)
            .setSessionLog(SessionLog.newBuilder().setStatus(SessionLog.SessionStatus.START)));
  }

  private TensorBoard(Path folder, Clock clock) throws IOException {
    this.clock = clock;
    String name = String.format("events.out.tfevents.%010d.tfddpm", clock.millis() / 1000);
    Path file = folder.resolve(name);
    for (int copy = 1; Files.exists(file); copy++) {
      file = folder.resolve(name + "." + copy);
    }
    this.out = new DataOutputStream(Files.newOutputStream(file));
    write(event(0).setFileVersion("brain.Event:2"));
  }

  /** Begins another events file of a folder; what older ones hold stays. */
  public static TensorBoard besides(Path folder, Clock clock) throws IOException {
    return new TensorBoard(folder, clock);
  }

  /** The metrics of a line. */
  public void scalars(Metrics.Line line) throws IOException {
    Map<String, Object> values = new LinkedHashMap<>(line.asMap());
    values.remove("step");
    scalars(line.step(), values);
  }

  /** Numbers by their tags; other values are left out. */
  public void scalars(long step, Map<String, Object> values) throws IOException {
    Summary.Builder summary = Summary.newBuilder();
    values.forEach(
        (tag, value) -> {
          if (value instanceof Number number) {
            summary.addValueBuilder().setTag(tag).setSimpleValue(number.floatValue());
          }
        });
    write(event(step).setSummary(summary));
  }

  /** A picture. */
  public void image(long step, String tag, Png png) throws IOException {
    Summary.Image image =
        Summary.Image.newBuilder()
            .setHeight(png.height())
            .setWidth(png.width())
            .setColorspace(png.channels())
            .setEncodedImageString(ByteString.copyFrom(png.bytes()))
            .build();
    write(
        event(step)
            .setSummary(
                Summary.newBuilder()
                    .addValue(Summary.Value.newBuilder().setTag(tag).setImage(image))));
  }

  private Event.Builder event(long step) {
    return Event.newBuilder().setStep(step).setWallTime(clock.millis() / 1000.0);
  }

  private void write(Event.Builder event) throws IOException {
    TfRecord.write(out, event.build().toByteArray());
    out.flush();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
