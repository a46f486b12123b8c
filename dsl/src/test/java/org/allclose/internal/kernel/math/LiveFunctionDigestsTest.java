package org.allclose.internal.kernel.math;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import org.allclose.LiveNumpy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Records the digests again with the numpy that is installed, and compares them with those that are
 * committed: the record is not stale, and this machine's C library is the one it was made with.
 */
class LiveFunctionDigestsTest {
  @TempDir private Path directory;

  @Test
  void digests_recordedAgain_areThoseCommitted() throws IOException, InterruptedException {
    LiveNumpy numpy = LiveNumpy.assumeThatOfTheRecord(directory);
    assertEquals(LiveNumpy.recorded("functions.txt"), numpy.record("function_digests.py"));
  }
}
