package org.allclose.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.allclose.TestData;
import org.allclose.parity.CaseFile;
import org.junit.jupiter.api.Test;

/** The table of cs231n's functions names what there is, and all that was recorded for it. */
class Cs231nTableTest {
  private static final Path TABLE = TestData.folder().resolve("reference/CS231N.md");
  private static final Pattern PROOF = Pattern.compile("`([a-z0-9_]+(/[A-Za-z0-9_.]+)+)`");

  @Test
  void everyProof_isThere() throws IOException {
    for (String proof : proofs()) {
      Path path = TestData.folder().resolve(proof);
      boolean isCase = Files.exists(path.resolve(CaseFile.FILE));
      assertTrue(isCase || Files.isRegularFile(path), () -> proof + ": expected a case or a run");
    }
  }

  @Test
  void everyFunction_hasAProofOrAReason() throws IOException {
    for (String line : Files.readAllLines(TABLE)) {
      if (line.startsWith("| ") && !line.startsWith("| file ") && !line.startsWith("| ---")) {
        String proven = line.split("\\|", -1)[4].strip();
        assertTrue(PROOF.matcher(proven).find() || proven.startsWith("none; "), line);
      }
    }
  }

  /**
   * What was recorded of the assignments' formulas and images, and its replays, is in the table.
   */
  @Test
  void everythingOfTheAssignments_isNamed() throws IOException {
    Set<String> recorded = new TreeSet<>();
    for (Path folder : CaseFile.below(TestData.fixtures().resolve("cs231n"))) {
      recorded.add(TestData.folder().relativize(folder).toString());
    }
    for (String folder : Set.of("cs231n", "cs231n_images")) {
      try (var files = Files.list(TestData.folder().resolve(folder))) {
        files.forEach(file -> recorded.add(TestData.folder().relativize(file).toString()));
      }
    }
    recorded.removeAll(proofs());
    assertEquals(Set.of(), recorded);
  }

  private static Set<String> proofs() throws IOException {
    Set<String> proofs = new TreeSet<>();
    for (String line : Files.readAllLines(TABLE)) {
      if (line.startsWith("| ")) {
        Matcher matcher = PROOF.matcher(line.split("\\|", -1)[4]);
        while (matcher.find()) {
          proofs.add(matcher.group(1));
        }
      }
    }
    return proofs;
  }
}
