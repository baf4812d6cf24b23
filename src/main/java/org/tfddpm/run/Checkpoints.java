package org.tfddpm.run;

import com.google.protobuf.TextFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.tfddpm.spec.BadInput;

/**
 * The checkpoints of a run.
 *
 * <pre>
 *   step-00002000.index, .data-00000-of-00001   the tensors, in TensorFlow's format
 *   step-00002000.textproto                     CheckpointInfo: step, specification, checksums;
 *                                               at its end its own checksum
 *   latest                                      the newest one's name, replaced atomically
 * </pre>
 *
 * A checkpoint is written into a hidden folder and moved out of it when it is whole, its textproto
 * last, then latest. Whatever interrupts that leaves the one before as the latest.
 */
public final class Checkpoints {
  private static final Pattern INFO = Pattern.compile("step-(\\d{8,18})\\.textproto");
  private static final String LATEST = "latest";
  private static final String WRITING = ".writing";

  /** Any file of a checkpoint, and what AtomicFile leaves of one when it is killed. */
  private static final Pattern FILE = Pattern.compile("\\.?step-(\\d{8,18})\\..*");

  /** Begins the last line of a textproto, a comment with the checksum of the lines before. */
  private static final String SEAL = "# crc32c ";

  private static final String BROKEN = " is broken: not what was written";

  private final Path folder;

  Checkpoints(Path folder) {
    this.folder = folder;
  }

  /** Writes the tensor files of a checkpoint under a prefix. */
  @FunctionalInterface
  public interface TensorWriter {
    void write(String prefix) throws IOException;
  }

  /** A checkpoint that was found whole: its files have the size and checksum they were given. */
  public record Checkpoint(CheckpointInfo info, String prefix) {
    /** Steps taken when it was written. */
    public long step() {
      return info.getStep();
    }
  }

  /** Whether there is any, whole or not. */
  public boolean any() throws IOException {
    return !steps().isEmpty();
  }

  /**
   * Writes a checkpoint and makes it the latest; those of later steps are forgotten.
   *
   * @param info without its files
   * @param keep how many of the newest stay
   */
  public void write(CheckpointInfo info, TensorWriter tensors, int keep) throws IOException {
    Path writing = folder.resolve(WRITING);
    Folders.delete(writing);
    Files.createDirectories(writing);
    String name = name(info.getStep());
    try {
      tensors.write(writing.resolve(name).toString());
      CheckpointInfo.Builder whole = info.toBuilder();
      List<Path> files = Folders.files(writing);
      for (Path file : files) {
        Folders.sync(file);
        whole
            .addFilesBuilder()
            .setName(file.getFileName().toString())
            .setSize(Files.size(file))
            .setCrc32C(crc32c(file));
      }
      Files.deleteIfExists(info(info.getStep()));
      Files.deleteIfExists(folder.resolve(name + Calibrations.ENDING));
      for (Path file : files) {
        Files.move(file, folder.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
      String text = TextFormat.printer().printToString(whole.build());
      AtomicFile.write(info(info.getStep()), sealed(text));
      AtomicFile.write(folder.resolve(LATEST), name + "\n");
    } finally {
      Folders.delete(writing);
    }
    prune(info.getStep(), keep);
  }

  /**
   * The latest whole checkpoint.
   *
   * @param warn is told of each broken one that is passed over
   * @throws BadInput if there is none
   */
  public Checkpoint latest(Consumer<String> warn) throws IOException {
    List<Long> candidates = new ArrayList<>(steps());
    candidates.removeIf(step -> step > named());
    for (int i = candidates.size() - 1; i >= 0; i--) {
      try {
        return open(candidates.get(i));
      } catch (BadInput broken) {
        warn.accept(broken.getMessage() + (i > 0 ? "; taking the one before" : ""));
      }
    }
    throw new BadInput(folder + ": no usable checkpoint");
  }

  private String known() throws IOException {
    List<String> known = steps().stream().map(String::valueOf).toList();
    return known.isEmpty() ? "" : "; known are " + String.join(", ", known);
  }

  /**
   * The checkpoint of a step.
   *
   * @throws BadInput if there is none, or it is broken
   */
  public Checkpoint open(long step) throws IOException {
    Path file = info(step);
    if (!Files.isRegularFile(file)) {
      throw new BadInput("--checkpoint " + step + ": there is none in " + folder + known());
    }
    CheckpointInfo info = read(file);
    for (CheckpointInfo.StoredFile stored : info.getFilesList()) {
      Path part = folder.resolve(stored.getName());
      try {
        if (Files.size(part) != stored.getSize() || crc32c(part) != stored.getCrc32C()) {
          throw new BadInput(part + BROKEN);
        }
      } catch (NoSuchFileException e) {
        throw new BadInput(part + " is missing", e);
      }
    }
    if (info.getStep() != step) {
      throw new BadInput(file + " is broken: it is of step " + info.getStep());
    }
    return new Checkpoint(info, folder.resolve(name(step)).toString());
  }

  private static CheckpointInfo read(Path file) throws IOException {
    try {
      String text = Files.readString(file);
      if (!sealed(text.substring(0, Math.max(0, text.lastIndexOf(SEAL)))).equals(text)) {
        throw new BadInput(file + BROKEN);
      }
      return TextFormat.parse(text, CheckpointInfo.class);
    } catch (CharacterCodingException | TextFormat.ParseException e) {
      throw new BadInput(file + BROKEN, e);
    }
  }

  private static String sealed(String text) {
    CRC32C crc = new CRC32C();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    return text + SEAL + String.format("%08x", crc.getValue()) + "\n";
  }

  /** The step that {@code latest} names, or the largest number if it names none. */
  private long named() {
    try {
      String name = Files.readString(folder.resolve(LATEST)).strip();
      Matcher matcher = INFO.matcher(name + ".textproto");
      return matcher.matches() ? Long.parseLong(matcher.group(1)) : Long.MAX_VALUE;
    } catch (IOException e) {
      return Long.MAX_VALUE;
    }
  }

  private void prune(long newest, int keep) throws IOException {
    List<Long> kept = new ArrayList<>(steps());
    kept.removeIf(step -> step > newest);
    kept.subList(0, Math.max(0, kept.size() - keep)).clear();
    // A checkpoint's textproto first: without it, what an interrupted prune leaves is none.
    for (long step : steps()) {
      if (!kept.contains(step)) {
        Files.delete(info(step));
      }
    }
    for (Path file : Folders.files(folder)) {
      Matcher matcher = FILE.matcher(file.getFileName().toString());
      if (matcher.matches() && !kept.contains(Long.parseLong(matcher.group(1)))) {
        Files.delete(file);
      }
    }
  }

  /** The steps there is a checkpoint of, rising. */
  private List<Long> steps() throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    List<Long> steps = new ArrayList<>();
    for (Path file : Folders.files(folder)) {
      Matcher matcher = INFO.matcher(file.getFileName().toString());
      if (matcher.matches()) {
        steps.add(Long.parseLong(matcher.group(1)));
      }
    }
    steps.sort(null);
    return steps;
  }

  private Path info(long step) {
    return folder.resolve(name(step) + ".textproto");
  }

  private static String name(long step) {
    return String.format("step-%08d", step);
  }

  private static int crc32c(Path file) throws IOException {
    CRC32C crc = new CRC32C();
    byte[] buffer = new byte[1 << 20];
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        crc.update(buffer, 0, n);
      }
    }
    return (int) crc.getValue();
  }
}
