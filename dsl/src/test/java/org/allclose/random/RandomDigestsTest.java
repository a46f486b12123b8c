package org.allclose.random;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.allclose.Sampling;
import org.junit.jupiter.api.Test;

/** Compares with what numpy gave: {@code testdata/digests/random.txt}. */
class RandomDigestsTest {
  /** How many lines there are of each call. */
  private static final int SEEDS = 10;

  @Test
  void streams_haveNumpysBits() throws IOException {
    List<String> recorded = RandomDigests.recorded("stream");
    assertEquals(123 * SEEDS, recorded.size());
    List<String> sample =
        IntStream.range(0, 123).boxed().flatMap(call -> seeds(call, recorded)).toList();
    assertEquals(sample, sample.parallelStream().map(RandomDigests::replayStream).toList());
  }

  /** Returns a call's lines: of one of ten seeds, another one for the next call. */
  private static Stream<String> seeds(int call, List<String> recorded) {
    return Sampling.everyOf(SEEDS, call, recorded.subList(call * SEEDS, (call + 1) * SEEDS))
        .stream();
  }

  @Test
  void mixturesOfCalls_haveNumpysBits_callByCall() throws IOException {
    List<String> recorded = RandomDigests.recorded("seeded", "call", "state");
    assertEquals(20 * (1 + 150 + 1), recorded.size());
    assertEquals(recorded, RandomDigests.replayMixtures(recorded));
  }
}
