package org.tfddpm.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** The program as its users run it: {@code java -jar target/tfddpm.jar}, from some directory. */
public final class Tfddpm {
  private static final Path JAR = Path.of("target/tfddpm.jar").toAbsolutePath();
  private static final long LONGEST_MINUTES = 5;

  private final Process process;
  private final Path out;
  private final Path err;

  private Tfddpm(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /** What a finished process left. */
  public record Result(int exit, String out, String err) {}

  /** Starts it. */
  public static Tfddpm start(Path directory, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar"));
    command.add(JAR.toString());
    command.addAll(List.of(arguments));
    try {
      Path out = Files.createTempFile("tfddpm", ".out");
      Path err = Files.createTempFile("tfddpm", ".err");
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectInput(new File("/dev/null"))
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      builder.environment().remove("TF_CPP_MIN_LOG_LEVEL");
      builder.environment().remove("JAVA_TOOL_OPTIONS"); // it makes the JVM say so
      return new Tfddpm(builder.start(), out, err);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs it to its end. */
  public static Result run(Path directory, String... arguments) {
    return start(directory, arguments).await();
  }

  /** Runs it to its end, which must be a good one. */
  public static Result succeed(Path directory, String... arguments) {
    Result result = run(directory, arguments);
    assertEquals(0, result.exit(), result.err());
    return result;
  }

  /** Waits until something holds, while the process is running. */
  public Tfddpm until(BooleanSupplier holds) {
    try {
      while (!holds.getAsBoolean()) {
        if (process.waitFor(20, TimeUnit.MILLISECONDS)) {
          throw new AssertionError("ended too early: " + await());
        }
      }
      return this;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** SIGTERM. */
  public Tfddpm terminate() {
    process.destroy();
    return this;
  }

  /** SIGKILL. */
  public Tfddpm kill() {
    process.destroyForcibly();
    return this;
  }

  /** A signal by its name. */
  public Tfddpm signal(String name) {
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
      return this;
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Waits for its end. */
  public Result await() {
    try {
      if (!process.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        throw new AssertionError("still running: " + Files.readString(err));
      }
      Result result = new Result(process.exitValue(), Files.readString(out), Files.readString(err));
      Files.deleteIfExists(out);
      Files.deleteIfExists(err);
      return result;
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
