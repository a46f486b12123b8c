package org.allclose.jnpy;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The fuzz targets on their seeds, and on a few thousand mutations; Jazzer makes millions. */
class FuzzTargetsTest {
  private interface Target {
    void run(byte[] data) throws IOException;
  }

  @Test
  void npySeeds_andMutations_areNoFindings() throws IOException {
    run(FuzzSeeds.npy(), NpyFuzz::fuzzerTestOneInput);
  }

  @Test
  void npzSeeds_andMutations_areNoFindings() throws IOException {
    run(FuzzSeeds.npz(), NpzFuzz::fuzzerTestOneInput);
  }

  private static void run(List<byte[]> seeds, Target target) throws IOException {
    assertTrue(seeds.size() > 80, "seeds: " + seeds.size());
    Random random = new Random(231);
    for (byte[] seed : seeds) {
      target.run(seed);
      for (int i = 0; i < 20 && seed.length > 0; i++) {
        byte[] mutated = seed.clone();
        for (int n = random.nextInt(4); n >= 0; n--) {
          mutated[random.nextInt(seed.length)] = (byte) random.nextInt(256);
        }
        target.run(mutated);
      }
    }
  }
}
