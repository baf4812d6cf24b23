package org.tfddpm.cli;

import static org.tfddpm.cli.Command.flag;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.commons.cli.Option;
import org.tfddpm.data.Source;
import org.tfddpm.interop.DiffusersFolder;
import org.tfddpm.interop.Tf1Checkpoint;
import org.tfddpm.run.Folders;
import org.tfddpm.spec.BadInput;
import org.tfddpm.spec.GraphSpec;
import org.tfddpm.spec.Names;
import org.tfddpm.spec.Specs;

/** {@code tfddpm import}. */
final class ImportCommand implements Command {
  private static final String DIFFUSERS = "diffusers";
  private static final String TF1 = "ddpm-tf1";

  @Override
  public String name() {
    return "import";
  }

  @Override
  public String words() {
    return " PATH";
  }

  @Override
  public String sentence() {
    return "Makes a run of another program's model, to sample, evaluate, export or train further.";
  }

  @Override
  public List<Option> flags() {
    return List.of(
        flag("from", "PROGRAM", "diffusers: PATH is a folder; ddpm-tf1: a checkpoint's prefix"),
        flag("run", "DIR", "run directory, new (default runs/NAME, after PATH)"),
        flag("graph", "NAME|FILE", "the network of a ddpm-tf1 checkpoint"),
        flag("live", "takes the weights of ddpm-tf1 themselves, not their averages"),
        flag("data", "SOURCE", "what to train on further (default folder:data/NAME)"),
        flag("set", "SECTION.FIELD=VALUE", "overrides a field, not of unet; may be repeated"));
  }

  @Override
  public List<String> examples() {
    return List.of(
        "import --from diffusers ddpm-cifar10-32",
        "import --from ddpm-tf1 model.ckpt-790000 --graph cifar10 --run runs/cifar10");
  }

  @Override
  public int run(Flags flags, Console console) throws IOException {
    List<String> words = flags.words(1);
    if (words.isEmpty()) {
      throw new BadInput("PATH is needed: what to import");
    }
    Path from = Path.of(words.get(0));
    String program =
        flags
            .text("from")
            .orElseThrow(() -> new BadInput("--from PROGRAM is needed: " + DIFFUSERS + ", " + TF1));
    if (!List.of(DIFFUSERS, TF1).contains(program)) {
      throw new BadInput(
          "--from "
              + program
              + ": no such program"
              + Names.suggest(program, List.of(DIFFUSERS, TF1)));
    }
    String name = nameOf(flags.path("run").orElse(from));
    Path run = flags.path("run").orElse(Path.of("runs", name));
    if (Files.exists(run)) {
      throw new BadInput("--run " + run + ": is there already; allowed is a new folder");
    }
    boolean tf1 = program.equals(TF1);
    for (String flag : List.of("graph", "live")) {
      if (flags.has(flag) && !tf1) {
        throw new BadInput("--" + flag + ": allowed with --from " + TF1 + ", not with " + program);
      }
    }
    try {
      if (tf1) {
        tf1(from, run, name, flags, console);
      } else {
        diffusers(from, run, name, flags, console);
      }
    } catch (IOException e) {
      throw new IOException("--run " + run + ": " + Folders.reason(e), e);
    }
    console.out().println(run);
    return Main.OK;
  }

  private static void diffusers(Path from, Path run, String name, Flags flags, Console console)
      throws IOException {
    String source = flags.text("data").orElse("folder:data/" + name);
    DiffusersFolder folder = new DiffusersFolder(from, name, settings(flags, Optional.of(source)));
    if (folder.scheduler().isEmpty()) {
      console.err().println(from + ": no scheduler_config.json, taking diffusers' usual schedule");
    }
    console.startTensorFlow();
    folder.importTo(run);
  }

  private static void tf1(Path from, Path run, String name, Flags flags, Console console)
      throws IOException {
    String graph =
        flags
            .text("graph")
            .orElseThrow(() -> new BadInput("--graph is needed: a checkpoint names no network"));
    List<String> settings = new ArrayList<>(settings(flags, flags.text("data")));
    settings.add(
        "data.source=" + Source.absolute(Specs.load(graph, settings).getData().getSource()));
    GraphSpec spec = Specs.load(graph, settings).toBuilder().setName(name).build();
    Tf1Checkpoint checkpoint = new Tf1Checkpoint(from, !flags.has("live"));
    console.startTensorFlow();
    checkpoint.importTo(run, spec);
  }

  /** The name of a folder or file as that of a model. */
  private static String nameOf(Path path) {
    Path whole = path.toAbsolutePath().normalize();
    Path file = whole.endsWith("unet") ? whole.getParent() : whole;
    String name = file == null || file.getFileName() == null ? "" : file.getFileName().toString();
    String allowed = name.replaceAll("[^A-Za-z0-9._-]", "-").replaceAll("^[^A-Za-z0-9]+", "");
    return allowed.isEmpty() ? "imported" : allowed;
  }

  private static List<String> settings(Flags flags, Optional<String> source) {
    List<String> settings = new ArrayList<>();
    source.ifPresent(s -> settings.add("data.source=" + Source.absolute(s)));
    settings.addAll(flags.texts("set"));
    return settings;
  }
}
