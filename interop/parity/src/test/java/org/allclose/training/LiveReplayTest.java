package org.allclose.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.allclose.TestData;
import org.allclose.TestPython;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records training runs anew with the Python that is here; skipped where there is no numpy. */
class LiveReplayTest {
  @TempDir private Path folder;

  @Test
  void runs_recordedAnew_areThoseCommitted() throws Exception {
    python("replays.py", folder.toString());
    List<Path> committed = ReplayTest.replays();
    for (Path file : committed) {
      assertEquals(Files.readString(file), Files.readString(folder.resolve(file.getFileName())));
    }
  }

  @Test
  void cs231nsRuns_recordedAnew_areThoseCommitted() throws Exception {
    assertEquals("recorded 5 runs\n", python("record_cs231n.py", folder.toString()));
    for (Path file : Cs231nReplayTest.runs()) {
      assertEquals(Files.readString(file), Files.readString(folder.resolve(file.getFileName())));
    }
  }

  @Test
  void captioningModels_recordedAnew_areThoseCommitted() throws Exception {
    python("record_captioning.py", folder.toString());
    for (String model : List.of("rnn", "lstm", "transformer")) {
      Path file = CaptioningReplayTest.FOLDER.resolve(model + ".json");
      assertEquals(Files.readString(file), Files.readString(folder.resolve(file.getFileName())));
    }
  }

  @Test
  void cs231nsImages_recordedAnew_areThoseCommitted() throws Exception {
    assertEquals("recorded 6 tasks\n", python("record_cs231n_images.py", folder.toString()));
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Path committed = TestData.folder().resolve("cs231n_images").resolve(file.getFileName());
        assertEquals(Files.readString(committed), Files.readString(file));
      }
    }
  }

  @Test
  void cs231nsTable_isThatOfItsProgram() throws Exception {
    Path table = folder.resolve("table.md");
    python("cs231n_table.py", table.toString());
    assertEquals(
        Files.readString(TestData.folder().resolve("reference/CS231N.md")),
        Files.readString(table));
  }

  @Test
  void optimizers_recordedAnew_areThoseCommitted() throws Exception {
    Path file = TestData.folder().resolve("digests/optimizers.txt");
    assertEquals(Files.readString(file), python("optimizer_digests.py", "-"));
  }

  private static String python(String script, String argument) throws Exception {
    return TestPython.with("numpy").succeed(Path.of("").toAbsolutePath(), script, argument);
  }
}
