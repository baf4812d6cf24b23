package org.tfddpm.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tfddpm.testing.TestRuns;
import org.tfddpm.testing.Trees;

/** A run of one's own to diffusers' form and back, by commands. */
class ImportTest {
  @TempDir Path folder;
  private final CommandLine line = new CommandLine();

  @BeforeEach
  void ownRun() throws IOException {
    TestRuns.train(folder.resolve("own"), TestRuns.fastLearning("training.steps=2"));
  }

  @Test
  void aRunComesBackAsARun() throws IOException {
    String theirs = folder.resolve("theirs").toString();
    String back = folder.resolve("back").toString();
    assertEquals(
        theirs + "\n",
        line.succeed(
            List.of("export", "--run", at("own"), "--format", "diffusers", "--out", theirs)));
    List<String> words =
        List.of("import", "--from", "diffusers", theirs, "--run", back, "--data", "bundled:digits");
    assertEquals(back + "\n", line.succeed(words));
    assertTrue(Files.readString(folder.resolve("back/spec.textproto")).contains("name: \"back\""));
    PictureCommands pictures = new PictureCommands(folder);
    String flags = "--steps 3 --count 2";
    assertArrayEquals(
        pictures.pixels("sample", "own", flags), pictures.pixels("sample", "back", flags));
    assertTrue(line.succeed(List.of("inspect", back)).contains("step"));
    // Trained further, as any run.
    line.succeed(
        List.of("train", "--run", back, "--steps", "100000", "--dry-run", "--device", "cpu"));

    String before = Trees.of(folder);
    assertEquals(2, line.run(words));
    assertEquals(
        "tfddpm: --run " + back + ": is there already; allowed is a new folder\n", line.err());
    assertEquals(before, Trees.of(folder));
  }

  private String at(String run) {
    return folder.resolve(run).toString();
  }
}
