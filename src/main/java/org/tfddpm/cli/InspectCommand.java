package org.tfddpm.cli;

import static org.tfddpm.cli.Command.flag;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.cli.Option;
import org.tfddpm.export.ExportedModel;
import org.tfddpm.run.Checkpoints;
import org.tfddpm.run.RunDirectory;
import org.tfddpm.spec.BadInput;
import org.tfddpm.spec.GraphSpec;
import org.tfddpm.spec.Specs;

/** {@code tfddpm inspect}. */
final class InspectCommand implements Command {
  @Override
  public String name() {
    return "inspect";
  }

  @Override
  public String words() {
    return " GRAPH|FILE|RUN|MODEL";
  }

  @Override
  public String sentence() {
    return "Tells what a graph, a run or an exported model is, and what it costs.";
  }

  @Override
  public List<Option> flags() {
    return List.of(
        flag("set", "SECTION.FIELD=VALUE", "overrides a field of a graph; may be repeated"),
        flag("json", "one JSON document"));
  }

  @Override
  public List<String> examples() {
    return List.of("inspect cifar10", "inspect export/models/digits --json");
  }

  @Override
  public int run(Flags flags, Console console) throws IOException {
    List<String> words = flags.words(1);
    if (words.isEmpty()) {
      throw new BadInput(
          "what is to be inspected? allowed are a graph's name or file, a run, a model");
    }
    Path path = Path.of(words.get(0));
    Facts facts = new Facts();
    GraphSpec spec;
    if (ExportedModel.exists(path)) {
      refuse(flags, "model");
      try (ExportedModel model = ExportedModel.open(path)) {
        spec = model.spec();
        facts.say("model", model.folder().toString()).say("step", model.step());
        facts.say("runtimes", model.runtimes()).signatures(model.signatures());
      }
    } else if (RunDirectory.exists(path)) {
      refuse(flags, "run");
      RunDirectory run = RunDirectory.open(path);
      spec = run.spec();
      Checkpoints checkpoints = run.checkpoints();
      facts.say("run", path.toString());
      facts.say("step", checkpoints.any() ? checkpoints.latest(console.err()::println).step() : 0L);
    } else if (Files.isDirectory(path)) {
      throw new BadInput(path + ": neither a run directory nor an exported model");
    } else {
      spec = Specs.load(words.get(0), flags.texts("set"));
      facts.say("graph", words.get(0));
    }
    facts.size(spec);
    if (flags.has("json")) {
      console.out().println(JSON.std.asString(facts.json()));
    } else {
      console.out().print(facts.words() + "\n" + Specs.print(spec));
    }
    return Main.OK;
  }

  private static void refuse(Flags flags, String what) {
    if (flags.has("set")) {
      throw new BadInput("--set: a " + what + " has its own specification; allowed with a graph");
    }
  }
}
