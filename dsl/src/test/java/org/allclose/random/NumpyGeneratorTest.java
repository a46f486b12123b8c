package org.allclose.random;

import static org.allclose.random.NumpyRandomStateTest.assertMessage;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.allclose.tensor.Tensor;
import org.apache.commons.math3.stat.correlation.PearsonsCorrelation;
import org.junit.jupiter.api.Test;

class NumpyGeneratorTest {

  /** {@code np.random.default_rng(231).random(3)}. */
  @Test
  void random_givesNumpysNumbers() {
    assertEquals(
        Tensor.vector(0.5477679786751077, 0.8705036884909984, 0.15449470642020968),
        NumpyGenerator.seed(231).random(3));
  }

  /** {@code np.random.default_rng(231).random(3, np.float32)}. */
  @Test
  void random_givesNumpysFloats() {
    float[] numbers = new float[3];
    NumpyGenerator.seed(231).random(numbers);
    assertArrayEquals(new float[] {0x1.a518a8p-3f, 0x1.18750ap-1f, 0x1.dbfe8p-4f}, numbers);
  }

  /** {@code rng = np.random.default_rng(231); rng.random(3); rng.bit_generator.state}. */
  @Test
  void getState_tellsNumpysNumbers() {
    NumpyGenerator generator = NumpyGenerator.seed(231);
    generator.random(3);
    assertEquals(
        new Pcg64State(
            new BigInteger("90517827006728162434263769887772257167"),
            new BigInteger("312006736005195046763165915025348531621"),
            false,
            0),
        generator.getState());
  }

  @Test
  void state_continuesInAnotherObject_withTheWaitingHalf() {
    NumpyGenerator generator = NumpyGenerator.seed(231);
    generator.nextInt();
    Pcg64State state = generator.getState();
    assertTrue(state.hasHalf());
    NumpyGenerator other = NumpyGenerator.seed(1);
    other.setState(state);
    assertEquals(generator.nextInt(), other.nextInt());
    assertEquals(generator.standardNormal(1000), other.standardNormal(1000));
    assertEquals(generator.getState(), other.getState());
    assertEquals("NumpyGenerator[" + other.getState() + "]", other.toString());
  }

  @Test
  void arrays_areTheNumbersOfSingleCalls() {
    NumpyGenerator one = NumpyGenerator.seed(3);
    NumpyGenerator all = NumpyGenerator.seed(3);
    double[] expected = new double[1000];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = one.standardNormal();
    }
    assertEquals(Tensor.vector(expected), all.standardNormal(1000));
    long[] integers = IntStream.range(0, 1000).mapToLong(i -> one.integers(-5, 1L << 40)).toArray();
    assertArrayEquals(integers, all.integers(-5, 1L << 40, 1000));
    assertEquals(one.getState(), all.getState());
  }

  @Test
  void setSeed_startsAnew() {
    NumpyGenerator generator = NumpyGenerator.seed(3);
    generator.nextInt();
    generator.setSeed(231);
    assertEquals(NumpyGenerator.seed(231).getState(), generator.getState());
    generator.setSeed(-1);
    assertEquals(NumpyGenerator.seed(4294967295L).getState(), generator.getState());
    generator.setSeed(1L << 40);
    assertEquals(NumpyGenerator.seed(1L << 40).getState(), generator.getState());
    generator.setSeed(new int[] {5, -1});
    List<BigInteger> seeds = List.of(BigInteger.valueOf(5), BigInteger.valueOf(4294967295L));
    assertEquals(NumpyGenerator.seed(seeds).getState(), generator.getState());
    assertEquals(seeds, generator.seedSequence().entropy());
  }

  @Test
  void advance_isAsManyWordsDrawn_andBack() {
    NumpyGenerator drawn = NumpyGenerator.seed(3);
    Pcg64State start = drawn.getState();
    for (int i = 0; i < 1000; i++) {
      drawn.nextLong();
    }
    NumpyGenerator advanced = NumpyGenerator.seed(3);
    advanced.advance(BigInteger.valueOf(1000));
    assertEquals(drawn.getState(), advanced.getState());
    advanced.advance(BigInteger.valueOf(-1000));
    assertEquals(start, advanced.getState());
    advanced.advance(BigInteger.ONE.shiftLeft(128));
    assertEquals(start, advanced.getState());
  }

  @Test
  void jumped_leavesThisOneAlone() {
    NumpyGenerator generator = NumpyGenerator.seed(3);
    Pcg64State start = generator.getState();
    assertNotEquals(start, generator.jumped(1).getState());
    assertEquals(generator.jumped(2).getState(), generator.jumped(1).jumped(1).getState());
    assertEquals(start, generator.jumped(5).jumped(-5).getState());
    assertEquals(start, generator.getState());
  }

  @Test
  void spawn_givesIndependentStreams_otherOnesAtEachCall() {
    int n = 100_000;
    NumpyGenerator parent = NumpyGenerator.seed(231);
    Pcg64State before = parent.getState();
    List<NumpyGenerator> streams = new ArrayList<>(parent.spawn(5));
    streams.addAll(parent.spawn(4));
    assertEquals(9, parent.seedSequence().childrenSpawned());
    assertEquals(before, parent.getState());
    streams.add(parent);

    double[][] numbers = new double[streams.size()][n];
    Set<Long> words = new HashSet<>();
    for (int i = 0; i < numbers.length; i++) {
      NumpyGenerator copy = NumpyGenerator.seed(0);
      copy.setState(streams.get(i).getState());
      for (int k = 0; k < n; k++) {
        words.add(copy.nextLong());
      }
      streams.get(i).standardNormal(numbers[i]);
    }
    // A million words of 64 bits: two equal ones have a probability of 3e-8, overlaps give many.
    assertEquals(numbers.length * n, words.size());
    for (int i = 0; i < numbers.length; i++) {
      for (int j = 0; j < i; j++) {
        double correlation = new PearsonsCorrelation().correlation(numbers[i], numbers[j]);
        // Five deviations of independent numbers.
        assertEquals(0.0, correlation, 5 / Math.sqrt(n), "streams " + i + " and " + j);
      }
    }
  }

  @Test
  void spawnedStreams_areTheSameFromManyThreads() {
    List<Tensor> alone =
        NumpyGenerator.seed(231).spawn(20).stream().map(g -> g.standardNormal(5000)).toList();
    List<Tensor> together =
        NumpyGenerator.seed(231).spawn(20).parallelStream()
            .map(g -> g.standardNormal(5000))
            .toList();
    assertEquals(alone, together);
  }

  @Test
  void errors_areThoseOfNumpy() {
    NumpyGenerator generator = NumpyGenerator.seed(1);
    assertMessage(
        "seed: expected a number of at least 0 but got -1", () -> NumpyGenerator.seed(-1));
    assertMessage("seed: expected a number of at least 0 but got -1", () -> generator.setSeed(-1L));
    assertMessage(
        "seed: expected a number of at least 0 but got -5",
        () -> NumpyGenerator.seed(List.of(BigInteger.ONE, BigInteger.valueOf(-5))));
    assertMessage(
        "range of int64: expected low < high but got 5 and 5", () -> generator.integers(5, 5));
    assertMessage(
        "integers: expected a count of at least 0 but got -1", () -> generator.integers(0, 5, -1));
    assertMessage(
        "uniform: expected low <= high but got low 5.0 and high 1.0",
        () -> generator.uniform(5, 1));
    assertMessage(
        "uniform: expected a finite high - low but got low 0.0 and high Infinity",
        () -> generator.uniform(0, Double.POSITIVE_INFINITY, 3));
    assertMessage(
        "normal: expected a scale of at least 0 but got -1.0", () -> generator.normal(0, -1, 3));
    assertMessage("spawn: expected a number of at least 0 but got -1", () -> generator.spawn(-1));
    assertMessage(
        "choice without replacement: expected a count of at most 3 but got 4",
        () -> generator.choiceWithoutReplacement(3, 4, false));
    assertMessage(
        "permuted: expected an axis of 0 to 1 but got 2",
        () -> generator.permuted(Tensor.zeros(2, 3), 2));
    assertMessage(
        "shuffle: expected an axis of 0 to 1 but got -1",
        () -> generator.shuffle(Tensor.zeros(2, 3), -1));
  }

  @Test
  void states_areChecked() {
    BigInteger big = BigInteger.ONE.shiftLeft(128);
    assertMessage(
        "random state: expected a state of 0 to 2^128 - 1 but got " + big,
        () -> new Pcg64State(big, BigInteger.ONE, false, 0));
    assertMessage(
        "random state: expected an increment of 0 to 2^128 - 1 but got -1",
        () -> new Pcg64State(BigInteger.ONE, BigInteger.ONE.negate(), false, 0));
    assertMessage(
        "random state: expected an odd increment but got 10",
        () -> new Pcg64State(BigInteger.ONE, BigInteger.TEN, false, 0));
    assertMessage(
        "random state: expected a half of 0 to 2^32 - 1 but got 4294967296",
        () -> new Pcg64State(BigInteger.ONE, BigInteger.ONE, true, 1L << 32));
  }
}
