package org.tfddpm.cli;

import static org.tfddpm.cli.Command.flag;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.commons.cli.Option;
import org.tensorflow.proto.ConfigProto;
import org.tfddpm.evaluate.Distances;
import org.tfddpm.evaluate.Features;
import org.tfddpm.evaluate.FrechetDistance;
import org.tfddpm.evaluate.KernelDistance;
import org.tfddpm.evaluate.Vectors;
import org.tfddpm.model.Model;
import org.tfddpm.run.AtomicFile;
import org.tfddpm.run.Folders;
import org.tfddpm.run.Images;
import org.tfddpm.spec.BadInput;

/** {@code tfddpm compare}. */
final class CompareCommand implements Command {
  private static final int DEFAULT_COUNT = 500;
  private static final List<String> DEFAULT_STEPS = List.of("10", "20", "50", "100", "T");
  private static final Set<String> SHARED = Set.of("batch", "seed", "device");

  @Override
  public String name() {
    return "compare";
  }

  @Override
  public String words() {
    return " RUN...";
  }

  @Override
  public String sentence() {
    return "Lays runs side by side: how far their pictures are from the data, sampler by steps.";
  }

  @Override
  public List<Option> flags() {
    List<Option> flags = new ArrayList<>();
    flags.add(flag("steps", "S,S,...", "numbers of time steps (default 10,20,50,100,T)"));
    flags.add(
        flag("spacing", "uniform|quadratic|even|karras", "which time steps (default uniform)"));
    SharedSampling.flags().stream()
        .filter(shared -> SHARED.contains(shared.getLongOpt()))
        .forEach(flags::add);
    flags.add(flag("count", "N", "how many pictures for each number, from 4 (default 500)"));
    flags.addAll(Comparing.flags());
    flags.add(flag("out", "DIR", "where table.csv, .json, .png go (default comparison)"));
    flags.add(flag("force", "overwrites what is in DIR"));
    flags.add(flag("json", "one JSON document"));
    return flags;
  }

  @Override
  public List<String> examples() {
    return List.of(
        "compare runs/digits",
        "compare runs/epsilon runs/v --steps 10,50 --features classifier.pb:pool --count 2000");
  }

  @Override
  public int run(Flags flags, Console console) throws IOException {
    List<String> runs = flags.words(Integer.MAX_VALUE);
    if (runs.isEmpty()) {
      throw new BadInput("what is to be compared? allowed are runs and exported models");
    }
    SharedSampling.Seeds seeds = SharedSampling.Seeds.of(flags, Distances.FEWEST, DEFAULT_COUNT);
    List<String> steps =
        flags.text("steps").map(text -> List.of(text.split(",", -1))).orElse(DEFAULT_STEPS);
    Path out = flags.path("out").orElse(Path.of("comparison"));
    if (Files.exists(out) && !flags.has("force")) {
      throw new BadInput("--out " + out + ": is there already; --force overwrites it");
    }
    ConfigProto config = SharedSampling.start(flags, console);
    NamedSpacing spacing = flags.choice("spacing", NamedSpacing.class).orElse(NamedSpacing.UNIFORM);
    List<TrainedModel> models = new ArrayList<>();
    try (Features features = Comparing.features(flags, config)) {
      for (String run : runs) {
        models.add(TrainedModel.at(Path.of(run), flags, console.err()::println));
      }
      check(runs, models, flags);
      List<Set<Integer>> stepsOf = new ArrayList<>();
      for (TrainedModel model : models) {
        stepsOf.add(stepsOf(steps, Model.of(model.spec()).schedule().steps()));
      }
      TrainedModel first = models.get(0);
      Comparing.Data data =
          Comparing.Data.read(
              flags, first.spec().getData().getSource(), first.spec().getImage(), config, console);
      Vectors real = data.vectors(features, console);
      SamplerTable table =
          new SamplerTable(
              data.source(),
              data.images().count(),
              Distances.within(real, seeds.count()),
              features.name(),
              seeds,
              spacing);
      for (int i = 0; i < models.size(); i++) {
        TrainedModel trained = models.get(i);
        table.run(runs.get(i), trained.step(), Model.of(trained.spec()).schedule().steps());
        for (SamplerRow row : SamplerRow.values()) {
          Model model = row.model(trained.spec());
          for (int count : stepsOf.get(i)) {
            String what = runs.get(i) + " " + row.title() + " S " + count;
            Tally tally = new Tally(console, what, seeds.count());
            Images pictures =
                SharedSampling.pictures(
                    model, trained, row.options(count, spacing), seeds, config, tally);
            Vectors vectors = features.of(pictures, done -> {});
            table.cell(
                row,
                count,
                FrechetDistance.between(vectors, real),
                KernelDistance.between(vectors, real));
          }
        }
      }
      List<Path> files = write(table, out);
      if (flags.has("json")) {
        console.out().println(JSON.std.asString(table.json()));
      } else {
        console.out().print(table.words());
        files.forEach(console.out()::println);
      }
    } finally {
      models.forEach(TrainedModel::close);
    }
    return Main.OK;
  }

  /** Distances of images of other sizes, or to other data, cannot stand side by side. */
  private static void check(List<String> runs, List<TrainedModel> models, Flags flags) {
    TrainedModel first = models.get(0);
    for (int i = 1; i < models.size(); i++) {
      TrainedModel other = models.get(i);
      if (!other.spec().getImage().equals(first.spec().getImage())) {
        throw new BadInput(runs.get(i) + ": makes images of another size than " + runs.get(0));
      }
      String source = other.spec().getData().getSource();
      if (!flags.has("data") && !source.equals(first.spec().getData().getSource())) {
        throw new BadInput(
            "--data SOURCE is needed: "
                + runs.get(0)
                + " was trained on "
                + first.spec().getData().getSource()
                + ", "
                + runs.get(i)
                + " on "
                + source);
      }
    }
  }

  /** The numbers of steps that a model can take, rising; T stands for all. */
  private static Set<Integer> stepsOf(List<String> steps, int most) {
    Set<Integer> of = new TreeSet<>();
    for (String each : steps) {
      if (!each.equals("T") && !each.matches("[1-9][0-9]{0,8}")) {
        throw new BadInput(
            "--steps "
                + String.join(",", steps)
                + ": \""
                + each
                + "\": allowed are whole numbers"
                + " from 1, and T for all");
      }
      int count = each.equals("T") ? most : Integer.parseInt(each);
      if (count <= most) {
        of.add(count);
      }
    }
    if (of.isEmpty()) {
      throw new BadInput(
          "--steps " + String.join(",", steps) + ": allowed are up to " + most + " steps");
    }
    return of;
  }

  private static List<Path> write(SamplerTable table, Path out) throws IOException {
    Path csv = out.resolve("table.csv");
    Path json = out.resolve("table.json");
    Path png = out.resolve("table.png");
    try {
      Files.createDirectories(out);
      AtomicFile.write(csv, table.csv());
      AtomicFile.write(
          json, JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).asString(table.json()) + "\n");
      AtomicFile.write(png, table.plot().bytes());
    } catch (IOException e) {
      throw new IOException("--out " + out + ": " + Folders.reason(e), e);
    }
    return List.of(csv, json, png);
  }
}
