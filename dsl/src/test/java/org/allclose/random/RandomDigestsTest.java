package org.allclose.random;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Compares with what numpy gave: {@code testdata/digests/random.txt}. */
class RandomDigestsTest {

  @Test
  void streams_haveNumpysBits() throws IOException {
    List<String> recorded = RandomDigests.recorded("stream");
    assertEquals(1230, recorded.size());
    assertEquals(recorded, recorded.parallelStream().map(RandomDigests::replayStream).toList());
  }

  @Test
  void mixturesOfCalls_haveNumpysBits_callByCall() throws IOException {
    List<String> recorded = RandomDigests.recorded("seeded", "call", "state");
    assertEquals(20 * (1 + 150 + 1), recorded.size());
    assertEquals(recorded, RandomDigests.replayMixtures(recorded));
  }
}
