package org.tfddpm.cli;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.commons.cli.Option;
import org.tfddpm.spec.BadInput;
import org.tfddpm.spec.Names;

/** {@code tfddpm COMMAND [flags]}: finds the command, runs it, says what went wrong in one line. */
public final class Main {
  /** Done. */
  static final int OK = 0;

  /** Failed while running. */
  static final int FAILED = 1;

  /** Wrong usage: nothing was written. */
  static final int USAGE = 2;

  private static final List<Command> COMMANDS =
      List.of(
          new TrainCommand(),
          new SampleCommand(),
          new InterpolateCommand(),
          new InpaintCommand(),
          new EncodeCommand(),
          new DecodeCommand(),
          new CalibrateCommand(),
          new EvaluateCommand(),
          new CompareCommand(),
          new ExportCommand(),
          new ImportCommand(),
          new ServeCommand(),
          new InspectCommand());

  private Main() {}

  /** Runs a command line and ends the process with its exit code. */
  public static void main(String[] args) {
    // Digits in files, names and messages are the same in every country.
    Locale.setDefault(Locale.ROOT);
    boolean verbose = Arrays.asList(args).contains("--verbose");
    NativeSetup.beforeTensorFlow(verbose);
    Console console =
        new Console(
            new PrintStream(System.out, true, StandardCharsets.UTF_8),
            System.err,
            NativeSetup.stderrIsTerminal(),
            verbose);
    System.exit(run(Arrays.asList(args), console));
  }

  /** Runs a command line. */
  static int run(List<String> args, Console console) {
    try {
      if (args.isEmpty() || args.get(0).equals("--help") || args.get(0).equals("help")) {
        console.out().print(help());
        return OK;
      }
      if (args.get(0).equals("--version")) {
        console.startTensorFlow();
        console.out().print(Version.report());
        return OK;
      }
      Command command = find(args.get(0));
      List<String> rest = args.subList(1, args.size());
      if (rest.contains("--help")) {
        console.out().print(help(command));
        return OK;
      }
      return command.run(Flags.parse(command, rest), console);
    } catch (BadInput e) {
      return fail(console, USAGE, e);
    } catch (Exception e) {
      return fail(console, FAILED, e);
    }
  }

  private static Command find(String name) {
    List<String> names = COMMANDS.stream().map(Command::name).toList();
    return COMMANDS.stream()
        .filter(command -> command.name().equals(name))
        .findFirst()
        .orElseThrow(
            () -> new BadInput("unknown command \"" + name + "\"" + Names.suggest(name, names)));
  }

  private static int fail(Console console, int code, Exception e) {
    String message = e.getMessage() == null ? e.toString() : e.getMessage();
    console.err().println("tfddpm: " + message.lines().findFirst().orElse(""));
    if (console.verbose()) {
      e.printStackTrace(console.err());
    }
    return code;
  }

  private static String help() {
    StringBuilder text = new StringBuilder();
    text.append("tfddpm: diffusion models on TensorFlow graphs, exported with their sampler.\n\n");
    text.append("usage: tfddpm COMMAND [flags]\n\n");
    for (Command command : COMMANDS) {
      text.append(String.format("  %-11s %s%n", command.name(), command.sentence()));
    }
    text.append(
        "\ntfddpm COMMAND --help tells the flags of a command; tfddpm --version what runs.\n");
    return text.toString();
  }

  private static String help(Command command) {
    StringBuilder text = new StringBuilder();
    text.append(command.sentence()).append("\n\nusage: tfddpm ").append(command.name());
    text.append(command.words()).append(" [flags]\n\n");
    for (Option option : command.flags()) {
      String flag = "--" + option.getLongOpt() + (option.hasArg() ? " " + option.getArgName() : "");
      text.append(String.format("  %-28s %s%n", flag, option.getDescription()));
    }
    text.append(
        String.format(
            "  %-28s %s%n", "--verbose", "TensorFlow's own log, and where errors come from"));
    text.append("\nexamples:\n");
    command.examples().forEach(e -> text.append("  tfddpm ").append(e).append("\n"));
    return text.toString();
  }
}
