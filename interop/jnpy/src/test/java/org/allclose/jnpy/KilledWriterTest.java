package org.allclose.jnpy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A process that is killed while it writes leaves the old file or the new one. */
@Tag("slow")
class KilledWriterTest {
  /** Kills that must come in the middle of a write, for each durability; each takes a moment. */
  private static final int KILLS = Integer.getInteger("allclose.kills", 5);

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(Durability.class)
  void killedWriter_leavesAWholeFile(Durability durability) throws Exception {
    Path file = folder.resolve("x.npy");
    Random random = new Random(231);
    int last = 0;
    int unfinished = 0;
    for (int kill = 0; unfinished < KILLS; kill++) {
      assertTrue(kill < 40 * KILLS, "hardly a kill comes in the middle of a write");
      Process writer =
          Jvm.start(
              List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"),
              KilledWriter.class,
              file.toString(),
              durability.name(),
              Integer.toString(last + 1));
      try (BufferedReader out =
          new BufferedReader(
              new InputStreamReader(writer.getInputStream(), StandardCharsets.UTF_8))) {
        String line = out.readLine();
        assertTrue(line != null && line.matches("[0-9]+"), line);
        last = Integer.parseInt(line);
        // Somewhere within the next writes: one takes a few milliseconds.
        Thread.sleep(random.nextInt(20));
        // By its handle: the process itself would close the stream that is still to be read.
        writer.toHandle().destroyForcibly();
        for (line = out.readLine(); line != null; line = out.readLine()) {
          last = line.matches("[0-9]+") ? Integer.parseInt(line) : last;
        }
      }
      writer.waitFor();
      double[] values = Npy.read(file).toDoubles();
      int array = (int) values[0];
      assertEquals(KilledWriter.length(array), values.length);
      for (double value : values) {
        assertEquals(array, value);
      }
      // What it told of, or the next, which was written but not told of yet.
      if (array != last % KilledWriter.ARRAYS) {
        last++;
      }
      assertEquals(last % KilledWriter.ARRAYS, array);
      unfinished += isUnfinished() ? 1 : 0;
    }
    Npy.write(file, NpyArray.of(new double[] {1}, 1));
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of(file), files.toList());
    }
  }

  /** What a killed write leaves is its unfinished file, until the next write removes it. */
  private boolean isUnfinished() throws IOException {
    Path unfinished = folder.resolve(".x.npy.tmp");
    return Files.exists(unfinished) && Files.size(unfinished) > 0;
  }
}
