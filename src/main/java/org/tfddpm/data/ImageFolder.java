package org.tfddpm.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TString;
import org.tensorflow.types.TUint8;
import org.tfddpm.spec.BadInput;

/**
 * A folder of image files, those of its sub-folders with them, in the order of their names. Hidden
 * files and folders, whose names begin with a dot, are left out. Sub-folders are classes.
 */
final class ImageFolder implements StreamedSource {
  private static final Pattern IMAGE = Pattern.compile(".*\\.(png|jpe?g|bmp|gif)");

  private final List<String> files;
  private final Labels labels;

  private ImageFolder(List<String> files, Labels labels) {
    this.files = files;
    this.labels = labels;
  }

  static Source open(String place) {
    Path folder = Place.folder("folder", place);
    String source = Place.source("folder", place);
    List<String> files = files(source, folder);
    return new ImageFolder(
        files, Labels.later(() -> FolderClasses.of(source, inside(folder, files))));
  }

  /**
   * The image files of a folder, by name.
   *
   * @param named what users call the folder
   * @throws BadInput if it has none, or cannot be read
   */
  static List<String> files(String named, Path folder) {
    try (Stream<Path> found = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
      List<String> files =
          found
              .filter(f -> IMAGE.matcher(f.toString().toLowerCase(Locale.ROOT)).matches())
              .filter(f -> !isHidden(folder.relativize(f)))
              .filter(Files::isRegularFile)
              .map(Path::toString)
              .sorted()
              .toList();
      if (files.isEmpty()) {
        throw new BadInput(named + ": no .png, .jpg, .jpeg, .bmp or .gif in it");
      }
      return files;
    } catch (IOException | UncheckedIOException e) {
      throw new BadInput(named + ": cannot be read: " + reason(e), e);
    }
  }

  private static List<Path> inside(Path folder, List<String> files) {
    return files.stream().map(file -> folder.relativize(Path.of(file))).toList();
  }

  private static boolean isHidden(Path inside) {
    return StreamSupport.stream(inside.spliterator(), false)
        .anyMatch(part -> part.toString().startsWith("."));
  }

  private static String reason(Exception e) {
    return e.getCause() instanceof FileSystemLoopException loop
        ? loop.getFile() + " is a link to a folder around it"
        : String.valueOf(e.getMessage());
  }

  @Override
  public long count() {
    return files.size();
  }

  @Override
  public String fingerprint() {
    return Fingerprint.of(files.stream().map(Path::of).toList());
  }

  @Override
  public Labels labels() {
    return labels;
  }

  @Override
  public List<Operand<?>> arguments(Ops tf) {
    return List.of(tf.array(files.toArray(String[]::new)));
  }

  @Override
  @SuppressWarnings("unchecked")
  public Operand<TUint8> read(Ops tf, Operand<TInt64> index, List<Operand<?>> arguments) {
    Operand<TString> names = (Operand<TString>) arguments.get(0);
    Operand<TString> name = tf.gather(names, index, tf.constant(0));
    return EncodedImage.decode(tf, tf.io.readFile(name));
  }

  @Override
  public String nameOf(long index) {
    return files.get((int) index);
  }
}
