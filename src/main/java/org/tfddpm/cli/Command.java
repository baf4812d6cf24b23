package org.tfddpm.cli;

import java.io.IOException;
import java.util.List;
import org.apache.commons.cli.Option;

/** A command of the program. */
interface Command {
  /** What it is called by. */
  String name();

  /** What it takes beside its flags, as the usage shows it. */
  default String words() {
    return "";
  }

  /** What it does, in one sentence. */
  String sentence();

  /** Its flags, in the order of the help. */
  List<Option> flags();

  /** Two real command lines, without the program's name. */
  List<String> examples();

  /**
   * Does it.
   *
   * @return the exit code
   */
  int run(Flags flags, Console console) throws IOException;

  /** A flag with a value. */
  static Option flag(String name, String value, String description) {
    return Option.builder().longOpt(name).hasArg().argName(value).desc(description).get();
  }

  /** A flag without one. */
  static Option flag(String name, String description) {
    return Option.builder().longOpt(name).desc(description).get();
  }
}
