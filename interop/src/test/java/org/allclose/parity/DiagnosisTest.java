package org.allclose.parity;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.allclose.TestData;
import org.junit.jupiter.api.Test;

/**
 * Replays networks whose recording makes a mistake on purpose; {@code record_faults.py} says which.
 */
class DiagnosisTest {
  private static final Path FAULTS = TestData.folder().resolve("faults");

  @Test
  void recordedMistakes_areNamedWithTheirLayer() throws IOException {
    Map<String, List<String>> found = new TreeMap<>();
    for (Path path : CaseFolders.below(FAULTS)) {
      found.put(path.getFileName().toString(), Replay.run(RecordedCase.read(path)).hints());
    }
    Map<String, List<String>> expected = new TreeMap<>();
    expected.put(
        "transposed_dense",
        List.of("layer 'fc1': the weights are transposed: W.T gives what was recorded"));
    assertEquals(lines(expected), lines(found));
  }

  private static String lines(Map<String, List<String>> map) {
    StringBuilder text = new StringBuilder();
    map.forEach((key, value) -> text.append(key).append(" ").append(value).append('\n'));
    return text.toString();
  }
}
