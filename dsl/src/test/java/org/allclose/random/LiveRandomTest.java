package org.allclose.random;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.allclose.LiveNumpy;
import org.allclose.Sampling;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compares with the numpy that is installed; skipped where there is none, or another. */
class LiveRandomTest {
  /** How many of the ten seeds of each stream are recorded again: all take half a minute. */
  private static final int SEEDS = 1;

  private static final String MIXTURES_SEED = "20240607";
  private static final int MIXTURES = Sampling.isOff() ? 100 : 30;

  @TempDir private Path directory;

  @Test
  void streams_recordedAgain_areThoseCommitted() throws IOException, InterruptedException {
    List<String> again = record("--seeds", Integer.toString(SEEDS));
    List<String> recorded = RandomDigests.recorded("stream");
    List<String> firstSeeds = new ArrayList<>();
    for (int i = 0; i < recorded.size(); i += 10) {
      firstSeeds.addAll(recorded.subList(i, i + SEEDS));
    }
    assertEquals(firstSeeds, again);
  }

  @Test
  void otherMixturesOfCalls_haveNumpysBits_callByCall() throws IOException, InterruptedException {
    List<String> recorded = record("--mixed", MIXTURES_SEED, Integer.toString(MIXTURES));
    assertEquals(MIXTURES * (1 + 150 + 1), recorded.size());
    assertEquals(recorded, RandomDigests.replayMixtures(recorded));
  }

  private List<String> record(String... arguments) throws IOException, InterruptedException {
    return LiveNumpy.assumeThatOfTheRecord(directory).record("random_digests.py", arguments);
  }
}
