package org.tfddpm.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.MissingArgumentException;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;
import org.apache.commons.cli.UnrecognizedOptionException;
import org.tfddpm.spec.BadInput;
import org.tfddpm.spec.Names;

/**
 * The flags of a command line, checked when they are asked for. Of a repeated one the last counts.
 */
final class Flags {
  private final CommandLine line;

  private Flags(CommandLine line) {
    this.line = line;
  }

  /**
   * Parses what follows the command's name.
   *
   * @throws BadInput if there is an unknown flag, a flag without its value, or one without a flag
   */
  static Flags parse(Command command, List<String> arguments) {
    Options options = new Options();
    command.flags().forEach(options::addOption);
    options.addOption(Option.builder().longOpt("help").get());
    options.addOption(Option.builder().longOpt("verbose").get());
    try {
      return new Flags(
          DefaultParser.builder()
              .setAllowPartialMatching(false)
              .get()
              .parse(options, arguments.toArray(String[]::new)));
    } catch (UnrecognizedOptionException e) {
      List<String> known = options.getOptions().stream().map(o -> "--" + o.getLongOpt()).toList();
      throw new BadInput(
          "unknown flag " + e.getOption() + Names.suggest(String.valueOf(e.getOption()), known), e);
    } catch (MissingArgumentException e) {
      throw new BadInput(
          "--" + e.getOption().getLongOpt() + " needs a value: " + e.getOption().getArgName(), e);
    } catch (ParseException e) {
      throw new BadInput(String.valueOf(e.getMessage()), e);
    }
  }

  boolean has(String flag) {
    return line.hasOption(flag);
  }

  /** What stands without a flag: at most this many words. */
  List<String> words(int most) {
    List<String> words = line.getArgList();
    if (words.size() > most) {
      throw new BadInput("unexpected \"" + words.get(most) + "\"");
    }
    return words;
  }

  Optional<String> text(String flag) {
    String[] values = line.getOptionValues(flag);
    return values == null ? Optional.empty() : Optional.of(values[values.length - 1]);
  }

  List<String> texts(String flag) {
    String[] values = line.getOptionValues(flag);
    return values == null ? List.of() : List.of(values);
  }

  Optional<Path> path(String flag) {
    try {
      return text(flag).map(Path::of);
    } catch (InvalidPathException e) {
      throw new BadInput("--" + flag + " " + e.getInput() + ": no path", e);
    }
  }

  /** A whole number in least ... most. */
  Optional<Long> integer(String flag, long least, long most) {
    return text(flag)
        .map(
            value -> {
              try {
                long number = Long.parseLong(value);
                if (number >= least && number <= most) {
                  return number;
                }
              } catch (NumberFormatException e) {
                // Falls through to the same message.
              }
              String range =
                  most == Long.MAX_VALUE ? "from " + least : "in " + least + " ... " + most;
              throw new BadInput(
                  "--" + flag + " " + value + ": allowed are whole numbers " + range);
            });
  }

  /** Names with commas between them; none if the flag is not given. */
  List<String> list(String flag) {
    List<String> names = text(flag).map(value -> List.of(value.split(",", -1))).orElse(List.of());
    if (names.contains("")) {
      throw new BadInput(
          "--" + flag + " " + text(flag).orElseThrow() + ": allowed are names with commas between");
    }
    return names;
  }

  /** Whole numbers in 1 ... most with commas between them, in rising order; none if not given. */
  List<Integer> integers(String flag, int most) {
    TreeSet<Integer> numbers = new TreeSet<>();
    for (String each : list(flag)) {
      try {
        int number = Integer.parseInt(each);
        if (number >= 1 && number <= most) {
          numbers.add(number);
          continue;
        }
      } catch (NumberFormatException e) {
        // Falls through to the same message.
      }
      throw new BadInput("--" + flag + " " + each + ": allowed are whole numbers in 1 ... " + most);
    }
    return List.copyOf(numbers);
  }

  /** A number in least ... most, or from least on where most is the largest int. */
  Optional<Double> number(String flag, int least, int most) {
    return text(flag)
        .map(
            value -> {
              try {
                double number = Double.parseDouble(value);
                if (number >= least && number <= most) {
                  return number;
                }
              } catch (NumberFormatException e) {
                // Falls through to the same message.
              }
              String range =
                  most == Integer.MAX_VALUE ? "from " + least : "in " + least + " ... " + most;
              throw new BadInput("--" + flag + " " + value + ": allowed are numbers " + range);
            });
  }

  /** One of some names. */
  <E extends Enum<E>> Optional<E> choice(String flag, Class<E> type) {
    return choice(flag, EnumSet.allOf(type));
  }

  /** One of the names of these. */
  <E extends Enum<E>> Optional<E> choice(String flag, Set<E> allowed) {
    Map<String, E> known = new LinkedHashMap<>();
    for (E constant : allowed) {
      known.put(constant.name().toLowerCase(Locale.ROOT), constant);
    }
    return text(flag)
        .map(
            value -> {
              E constant = known.get(value);
              if (constant == null) {
                throw new BadInput(
                    "--"
                        + flag
                        + " "
                        + value
                        + ": allowed are "
                        + String.join(", ", known.keySet()));
              }
              return constant;
            });
  }
}
