package org.tfddpm.export;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.tfddpm.nn.Precision;

/**
 * What an export is to be like.
 *
 * @param out folder of models
 * @param name of the core model
 * @param version of both models; the next free one if empty
 * @param program its version, for the provenance
 * @param precision where convolutions calculate
 * @param samplerSteps numbers of steps of the sampler's loops, rising; the usual ones if empty
 * @param signatures those to keep; all if empty
 * @param batchSizes to which a server fills up, rising
 * @param date for the provenance; without one, two exports are the same bytes
 */
public record ExportOptions(
    Path out,
    String name,
    OptionalLong version,
    String program,
    Precision precision,
    List<Integer> samplerSteps,
    List<String> signatures,
    List<Integer> batchSizes,
    Optional<Instant> date) {
  /** Batch sizes that suit most servers. */
  public static final List<Integer> USUAL_BATCH_SIZES = List.of(1, 2, 4, 8, 16, 32);

  /** Numbers of steps that callers may rely on, beside T itself. */
  private static final int[] USUAL_STEPS = {10, 50};

  /** All signatures, in float32, as the next version. */
  public static ExportOptions of(Path out, String name, String program) {
    return new ExportOptions(
        out,
        name,
        OptionalLong.empty(),
        program,
        Precision.FLOAT32,
        List.of(),
        List.of(),
        USUAL_BATCH_SIZES,
        Optional.empty());
  }

  /** The same as another version. */
  public ExportOptions withVersion(OptionalLong other) {
    return new ExportOptions(
        out, name, other, program, precision, samplerSteps, signatures, batchSizes, date);
  }

  /** The same in another precision. */
  public ExportOptions with(Precision other) {
    return new ExportOptions(
        out, name, version, program, other, samplerSteps, signatures, batchSizes, date);
  }

  /** The same with these signatures only, and loops of these numbers of steps. */
  public ExportOptions with(List<String> otherSignatures, List<Integer> otherSteps) {
    return new ExportOptions(
        out, name, version, program, precision, otherSteps, otherSignatures, batchSizes, date);
  }

  /** The same for these batch sizes. */
  public ExportOptions withBatchSizes(List<Integer> other) {
    return new ExportOptions(
        out, name, version, program, precision, samplerSteps, signatures, other, date);
  }

  /** The same with a date. */
  public ExportOptions at(Instant when) {
    return new ExportOptions(
        out,
        name,
        version,
        program,
        precision,
        samplerSteps,
        signatures,
        batchSizes,
        Optional.of(when));
  }

  /** The numbers of steps of the loops of a model of T time steps, rising. */
  List<Integer> steps(int all) {
    return samplerSteps.isEmpty()
        ? IntStream.concat(IntStream.of(USUAL_STEPS), IntStream.of(all))
            .filter(steps -> steps <= all)
            .distinct()
            .boxed()
            .toList()
        : List.copyOf(new TreeSet<>(samplerSteps));
  }
}
