package org.allclose.random;

import static org.allclose.random.NumpyRandomStateTest.assertMessage;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SeedSequenceTest {

  /** {@code np.random.SeedSequence(12345).generate_state(4)}, and {@code (2, np.uint64)}. */
  @Test
  void words_areNumpys() {
    SeedSequence sequence = SeedSequence.of(12345);
    assertArrayEquals(
        unsigned(2688385916L, 3048105090L, 4196366895L, 3152189807L), sequence.generateInts(4));
    assertArrayEquals(
        new long[] {
          new BigInteger("13091511679009522556").longValue(),
          new BigInteger("13538552136045918767").longValue()
        },
        sequence.generateLongs(2));
  }

  /** {@code s = SeedSequence(12345); s.spawn(2); s.spawn(1); s.spawn(1)[0].spawn(1)}. */
  @Test
  void children_areNumpys() {
    SeedSequence sequence = SeedSequence.of(BigInteger.valueOf(12345));
    List<SeedSequence> children = sequence.spawn(2);
    assertArrayEquals(unsigned(959183449L, 3196577012L), children.get(0).generateInts(2));
    assertArrayEquals(unsigned(1457248422L, 358904087L), children.get(1).generateInts(2));
    assertArrayEquals(unsigned(642571064L, 3843934530L), sequence.spawn(1).get(0).generateInts(2));
    SeedSequence grandchild = sequence.spawn(1).get(0).spawn(1).get(0);
    assertArrayEquals(unsigned(17001381L, 3650570608L), grandchild.generateInts(2));
    assertEquals(List.of(BigInteger.valueOf(3), BigInteger.ZERO), grandchild.spawnKey());
    assertEquals(4, sequence.childrenSpawned());
  }

  /** {@code SeedSequence([2**70, 0, 7], spawn_key=(3, 2**40), pool_size=8).generate_state(10)}. */
  @Test
  void seedsAndKeysOfAnySize_andOtherPools_areNumpys() {
    SeedSequence sequence =
        new SeedSequence(
            List.of(BigInteger.ONE.shiftLeft(70), BigInteger.ZERO, BigInteger.valueOf(7)),
            List.of(BigInteger.valueOf(3), BigInteger.ONE.shiftLeft(40)),
            8,
            2);
    assertArrayEquals(
        unsigned(
            3796286755L,
            192908298L,
            2117427896L,
            1545752312L,
            1240580470L,
            3280828331L,
            2140841156L,
            432294493L,
            91097355L,
            3388058180L),
        sequence.generateInts(10));
    assertEquals(8, sequence.poolSize());
    assertEquals(
        "SeedSequence[entropy=[1180591620717411303424, 0, 7], spawnKey=[3, 1099511627776],"
            + " poolSize=8, childrenSpawned=2]",
        sequence.toString());
  }

  /** {@code np.random.SeedSequence([]).generate_state(2)}. */
  @Test
  void noSeedAtAll_isNumpys() {
    assertArrayEquals(
        unsigned(2968811710L, 3677149159L), SeedSequence.of(List.of()).generateInts(2));
  }

  @Test
  void errors_areThoseOfNumpy() {
    assertMessage("seed: expected a number of at least 0 but got -1", () -> SeedSequence.of(-1));
    assertMessage(
        "spawn key: expected a number of at least 0 but got -1",
        () -> new SeedSequence(List.of(BigInteger.ONE), List.of(BigInteger.ONE.negate()), 4, 0));
    assertMessage(
        "seed sequence: expected a pool of at least 4 words but got 3",
        () -> new SeedSequence(List.of(BigInteger.ONE), List.of(), 3, 0));
    assertMessage(
        "seed sequence: expected at least 0 spawned children but got -1",
        () -> new SeedSequence(List.of(BigInteger.ONE), List.of(), 4, -1));
    assertMessage(
        "spawn: expected a number of at least 0 but got -1", () -> SeedSequence.of(1).spawn(-1));
  }

  private static int[] unsigned(long... words) {
    int[] result = new int[words.length];
    Arrays.setAll(result, i -> (int) words[i]);
    return result;
  }
}
