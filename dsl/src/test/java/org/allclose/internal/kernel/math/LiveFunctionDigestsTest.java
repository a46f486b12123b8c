package org.allclose.internal.kernel.math;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.allclose.LiveNumpy;
import org.allclose.Sampling;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Records the digests again with the numpy that is installed, and compares them with those that are
 * committed: the record is not stale, and this machine's C library is the one it was made with.
 */
class LiveFunctionDigestsTest {
  /** Every how many lines are recorded again, unless {@link Sampling} is off. */
  private static final int SAMPLE = 7;

  @TempDir private Path directory;

  @Test
  void digests_recordedAgain_areThoseCommitted() throws IOException, InterruptedException {
    LiveNumpy numpy = LiveNumpy.assumeThatOfTheRecord(directory);
    List<String> recorded = LiveNumpy.recorded("functions.txt");
    List<String> lines = recorded.subList(1, recorded.size());
    int every = Sampling.isOff() ? 1 : SAMPLE;
    List<String> expected = new ArrayList<>(recorded.subList(0, 1));
    expected.addAll(Sampling.everyOf(SAMPLE, 0, lines));
    assertEquals(expected, numpy.record("function_digests.py", "--every", Integer.toString(every)));
  }
}
