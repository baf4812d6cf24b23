package org.tfddpm.spec;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.TextFormat;
import com.google.protobuf.TextFormatParseInfoTree;
import com.google.protobuf.TextFormatParseLocation;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Specifications from files and flags: found, overridden, validated, resolved. */
public final class Specs {
  /** What the files of graphs/ end with. */
  private static final String SUFFIX = ".textproto";

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

  private Specs() {}

  /**
   * The resolved specification of a graph: every field set, by the file, a setting or the schema's
   * default.
   *
   * @param graph the name of a graph that tfddpm brings, or a file
   * @param settings {@code section.field=value}, later ones winning
   * @throws BadInput if there is no such graph, its text is wrong, or it cannot be built
   */
  public static GraphSpec load(String graph, List<String> settings) {
    Path file = Path.of(graph);
    boolean isFile = graph.endsWith(SUFFIX) || graph.contains("/") || Files.isRegularFile(file);
    String name = file.getFileName().toString();
    if (name.endsWith(SUFFIX)) {
      name = name.substring(0, name.length() - SUFFIX.length());
    }
    return isFile
        ? parse(readFile(graph, file), graph, name, settings)
        : parse(readBundled(graph), "graphs/" + graph + SUFFIX, name, settings);
  }

  /** The names of the graphs that tfddpm brings. */
  public static List<String> bundled() {
    URL folder = Objects.requireNonNull(Specs.class.getResource("/graphs"), "graphs/");
    try {
      URI uri = folder.toURI();
      if (!uri.getScheme().equals("jar")) {
        return names(Path.of(uri));
      }
      try (FileSystem jar = FileSystems.newFileSystem(uri, Map.of())) {
        return names(jar.getPath("/graphs"));
      }
    } catch (IOException | URISyntaxException e) {
      throw new IllegalStateException("graphs/ of the jar cannot be read", e);
    }
  }

  /**
   * Parses a specification.
   *
   * @param source what messages call it
   * @param defaultName the graph's name, should the text give none
   */
  public static GraphSpec parse(
      String text, String source, String defaultName, List<String> settings) {
    GraphSpec.Builder spec = GraphSpec.newBuilder();
    TextFormatParseInfoTree.Builder locations = TextFormatParseInfoTree.builder();
    TextFormat.Parser parser =
        TextFormat.Parser.newBuilder().setParseInfoTreeBuilder(locations).build();
    try {
      parser.merge(text, spec);
    } catch (TextFormat.ParseException e) {
      throw new BadInput(source + ":" + withSuggestion(String.valueOf(e.getMessage())), e);
    }
    return completed(spec, source, defaultName, settings, places(source, locations.build()));
  }

  /**
   * Completes a specification that was made of something else.
   *
   * @param source what messages call that
   * @return overridden by the settings, validated, every field set
   */
  public static GraphSpec complete(GraphSpec spec, String source, List<String> settings) {
    return completed(spec.toBuilder(), source, spec.getName(), settings, new HashMap<>());
  }

  private static GraphSpec completed(
      GraphSpec.Builder spec,
      String source,
      String defaultName,
      List<String> settings,
      Map<String, String> places) {
    for (String setting : settings) {
      String path = Setting.apply(spec, setting);
      places.put(path, "--set " + setting + ": ");
    }
    if (spec.getName().isEmpty()) {
      spec.setName(defaultName);
    }
    if (!NAME.matcher(spec.getName()).matches()) {
      throw new BadInput(
          source + ": name is \"" + spec.getName() + "\": allowed are letters, digits, - _ and .");
    }
    GraphSpec written = spec.build();
    new Validation(written, path -> places.getOrDefault(path, source + ": ")).check();
    return resolve(written);
  }

  /** A resolved specification with some fields overridden. */
  public static GraphSpec override(GraphSpec spec, List<String> settings) {
    return parse(print(spec), spec.getName(), spec.getName(), settings);
  }

  /** A specification as text; {@link #parse} gives the same specification again. */
  public static String print(GraphSpec spec) {
    return TextFormat.printer().printToString(spec);
  }

  /**
   * What differs between two specifications, one line a field: {@code training.batch_size is 64 in
   * the run, 128 asked for}. training.steps may differ, since a run can be continued beyond its
   * end.
   */
  public static List<String> differences(GraphSpec run, GraphSpec asked) {
    List<String> lines = new ArrayList<>();
    Fields.differences(
        run,
        asked,
        (path, values) -> {
          if (!path.toString().equals("training.steps")) {
            lines.add(
                String.format(
                    "%s is %s in the run, %s asked for",
                    path, Fields.show(values.get(0)), Fields.show(values.get(1))));
          }
        });
    return lines;
  }

  private static GraphSpec resolve(GraphSpec spec) {
    GraphSpec.Builder resolved = spec.toBuilder();
    Fields.all()
        .filter(path -> !path.field().isRepeated() && !Fields.isSet(spec, path))
        .forEach(path -> Fields.set(resolved, path, path.field().getDefaultValue()));
    return resolved.build();
  }

  private static String readFile(String graph, Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new BadInput(
          "--graph " + graph + ": " + (Files.exists(file) ? "cannot be read" : "no such file"), e);
    }
  }

  private static String readBundled(String graph) {
    try (InputStream in = Specs.class.getResourceAsStream("/graphs/" + graph + SUFFIX)) {
      if (in == null) {
        throw new BadInput(
            "--graph " + graph + ": no such graph or file" + Names.suggest(graph, bundled()));
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException("graph " + graph + " of the jar cannot be read", e);
    }
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(SUFFIX))
          .map(name -> name.substring(0, name.length() - SUFFIX.length()))
          .sorted()
          .toList();
    }
  }

  private static Map<String, String> places(String source, TextFormatParseInfoTree tree) {
    Map<String, String> places = new HashMap<>();
    Fields.all()
        .forEach(
            path -> {
              List<TextFormatParseInfoTree> sections = tree.getNestedTrees(path.section());
              for (TextFormatParseInfoTree section : sections) {
                for (TextFormatParseLocation at : section.getLocations(path.field())) {
                  places.putIfAbsent(
                      path.toString(),
                      source + ":" + (at.getLine() + 1) + ":" + (at.getColumn() + 1) + ": ");
                }
              }
            });
    return places;
  }

  /** How the parser lists an unknown field: its place, and its name behind its message's. */
  private static final Pattern UNKNOWN_FIELD =
      Pattern.compile("(\\d+:\\d+):\\s+tfddpm\\.([\\w.]+)\\.(\\w+)");

  /** The parser's message, and for an unknown field the nearest right name. */
  private static String withSuggestion(String message) {
    Matcher unknown = UNKNOWN_FIELD.matcher(message);
    if (!unknown.find()) {
      return message;
    }
    String type = unknown.group(2);
    String field = unknown.group(3);
    Collection<FieldDescriptor> fields =
        GraphSpec.getDescriptor().getName().equals(type)
            ? GraphSpec.getDescriptor().getFields()
            : GraphSpec.getDescriptor()
                .findNestedTypeByName(type.substring(type.indexOf('.') + 1))
                .getFields();
    List<String> known = fields.stream().map(FieldDescriptor::getName).toList();
    return unknown.group(1) + ": unknown field \"" + field + "\"" + Names.suggest(field, known);
  }
}
