package org.allclose.random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.apache.commons.math3.random.MersenneTwister;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class NumpyRandomStateTest {

  /** {@code np.random.seed(231); np.random.randn(3), np.random.rand(), ...randn(), ...randn()}. */
  @Test
  void randn_keepsItsSecondNumber_whileRandDraws() {
    NumpyRandomState random = NumpyRandomState.seed(231);
    assertEquals(
        Tensor.vector(0.41794341085522313, 1.3971002787857785, -1.7859043087115503),
        random.randn(3));
    assertEquals(0.8268882910012595, random.rand());
    assertEquals(-0.7088277337845966, random.randn());
    assertEquals(1.8153365888489932, random.randn());
  }

  /** {@code np.random.seed(231)}, then rand(), randn(), rand(), randint(0, 100, 5), randn(). */
  @Test
  void randn_keepsItsSecondNumber_whileIntegersAreDrawn() {
    NumpyRandomState random = NumpyRandomState.seed(231);
    assertEquals(0.78149404082882, random.rand());
    assertEquals(-1.6077696361335494, random.randn());
    assertEquals(0.3153446949154163, random.rand());
    assertArrayEquals(new long[] {84, 18, 34, 60, 34}, random.randint(0, 100, 5));
    assertEquals(1.847305083759164, random.randn());
  }

  @Test
  void seeding_forgetsTheKeptNumber() {
    NumpyRandomState random = NumpyRandomState.seed(7);
    random.randn();
    random.setSeed(231L);
    assertEquals(0.41794341085522313, random.randn());
  }

  /** {@code np.random.seed(5); np.random.uniform(5, 1)}: bounds in any order. */
  @Test
  void uniform_takesBoundsInAnyOrder() {
    assertEquals(4.112027315641042, NumpyRandomState.seed(5).uniform(5, 1));
  }

  /** {@code np.random.seed(1)}, then bytes(3) and bytes(0) leave pos at 1 and 2. */
  @Test
  void bytes_drawAWord_evenForNone() {
    NumpyRandomState random = NumpyRandomState.seed(1);
    random.bytes(3);
    assertEquals(1, random.getState().position());
    assertEquals(0, random.bytes(0).length);
    assertEquals(2, random.getState().position());
  }

  @Test
  void arrays_areTheNumbersOfSingleCalls() {
    for (int count : new int[] {0, 1, 2, 3, 255, 311, 312, 313, 623, 624, 625, 1500}) {
      NumpyRandomState one = NumpyRandomState.seed(count);
      NumpyRandomState all = NumpyRandomState.seed(count);
      one.nextInt();
      all.nextInt();
      for (int round = 0; round < 3; round++) {
        assertAlike(count, one::rand, all.rand(count));
        assertAlike(count, one::randomSample, all.randomSample(count));
        assertAlike(count, one::randn, all.randn(count));
        assertAlike(count, one::standardExponential, all.standardExponential(count));
        assertAlike(count, () -> one.uniform(-3, 5), all.uniform(-3, 5, count));
        assertAlike(count, () -> one.normal(-3, 5), all.normal(-3, 5, count));
        assertAlike(count, () -> one.binomial(7, 0.4), all.binomial(7, 0.4, count));
        double[] into = new double[count];
        all.randn(into);
        assertAlike(count, one::randn, Tensor.vector(into));
        all.rand(into);
        assertAlike(count, one::rand, Tensor.vector(into));
        long[] integers = IntStream.range(0, count).mapToLong(i -> one.randint(1000)).toArray();
        assertArrayEquals(integers, all.randint(0, 1000, count));
        IntegerRange range = IntegerType.UINT64.fullRange();
        long[] words = IntStream.range(0, count).mapToLong(i -> one.randint(range)).toArray();
        long[] filled = new long[count];
        all.randint(range, filled);
        assertArrayEquals(words, filled);
        assertEquals(one.getState(), all.getState());
      }
    }
  }

  private static void assertAlike(int count, DoubleSupplier single, Tensor numbers) {
    double[] expected = new double[count];
    Arrays.setAll(expected, i -> single.getAsDouble());
    assertEquals(Tensor.vector(expected), numbers);
  }

  @Test
  void shapes_areFilledInCOrder() {
    Tensor numbers = NumpyRandomState.seed(3).randn(2, 3, 4);
    assertEquals(NumpyRandomState.seed(3).randn(24), numbers.reshape(24));
  }

  /**
   * From 2^31 on Commons Math carries the sign into its seeding; numpy's numbers for such seeds are
   * among the digests.
   */
  @Test
  void words_areThoseOfCommonsMath_withTheSameSeed_below2To31() {
    for (int seed : new int[] {0, 1, 231, 1 << 30, Integer.MAX_VALUE}) {
      assertSameWords(new MersenneTwister(seed), NumpyRandomState.seed(seed));
    }
  }

  @Test
  void words_areThoseOfCommonsMath_withTheSameSeeds() {
    for (int length : new int[] {1, 2, 623, 624, 625, 2000}) {
      MersenneTwister source = new MersenneTwister(length);
      int[] seeds = IntStream.generate(source::nextInt).limit(length).toArray();
      NumpyRandomState set = NumpyRandomState.seed(5);
      set.setSeed(seeds);
      assertSameWords(new MersenneTwister(seeds), set);
    }
  }

  private static void assertSameWords(MersenneTwister expected, NumpyRandomState actual) {
    for (int i = 0; i < 2000; i++) {
      assertEquals(expected.nextInt(), actual.nextInt());
    }
  }

  @Test
  void setSeed_readsAnIntAsUnsigned() {
    NumpyRandomState random = NumpyRandomState.seed(5);
    random.setSeed(-1);
    assertEquals(NumpyRandomState.seed(4294967295L).getState(), random.getState());
  }

  @Test
  void aListOfOneSeed_isAnotherSeedThanTheNumber() {
    assertNotEquals(
        NumpyRandomState.seed(5).getState(), NumpyRandomState.seed(new long[] {5}).getState());
  }

  @Test
  void shuffles_giveEveryKindOfSequenceTheSameOrder() {
    int n = 1300;
    int[] order = NumpyRandomState.seed(9).permutation(n);
    int[] ints = IntStream.range(0, n).toArray();
    NumpyRandomState.seed(9).shuffle(ints);
    assertArrayEquals(order, ints);
    long[] longs = IntStream.range(0, n).asLongStream().toArray();
    NumpyRandomState.seed(9).shuffle(longs);
    assertArrayEquals(IntStream.of(order).asLongStream().toArray(), longs);
    double[] doubles = IntStream.range(0, n).asDoubleStream().toArray();
    NumpyRandomState.seed(9).shuffle(doubles);
    assertArrayEquals(IntStream.of(order).asDoubleStream().toArray(), doubles);
    List<Integer> list = new ArrayList<>(IntStream.range(0, n).boxed().toList());
    NumpyRandomState.seed(9).shuffle(list);
    assertEquals(IntStream.of(order).boxed().toList(), list);
    Tensor rows = Tensor.wrap(Shape.of(n, 1), doubles);
    Arrays.setAll(doubles, i -> i);
    NumpyRandomState.seed(9).shuffle(rows);
    assertEquals(Tensor.vector(IntStream.of(order).asDoubleStream().toArray()), rows.reshape(n));
  }

  @Test
  void shuffle_ofATensorWithoutElements_drawsNothing() {
    NumpyRandomState random = NumpyRandomState.seed(9);
    MersenneTwisterState before = random.getState();
    random.shuffle(Tensor.zeros(5, 0));
    assertEquals(before, random.getState());
    assertEquals(Tensor.zeros(5, 0), random.permutation(Tensor.zeros(5, 0)));
    assertNotEquals(before, random.getState());
  }

  @Test
  void state_continuesInAnotherObject_withTheKeptNumber() {
    NumpyRandomState random = NumpyRandomState.seed(231);
    random.randn(101);
    MersenneTwisterState state = random.getState();
    NumpyRandomState copy = NumpyRandomState.of(state);
    NumpyRandomState set = NumpyRandomState.seed(0);
    set.setState(state);
    Tensor expected = random.randn(1000);
    assertEquals(expected, copy.randn(1000));
    assertEquals(expected, set.randn(1000));
    assertNotEquals(state, random.getState());
    assertEquals(random.getState(), copy.getState());
    assertEquals(random.getState().hashCode(), copy.getState().hashCode());
  }

  /** numpy tells {@code MT19937 key[:2] = [231, 2060253732], pos = 624} after {@code seed(231)}. */
  @Test
  void toString_tellsTheState() {
    assertEquals(
        "NumpyRandomState[MT19937[key=231 2060253732 ..., position=624, hasGauss=false,"
            + " cachedGaussian=0.0]]",
        NumpyRandomState.seed(231).toString());
  }

  @Test
  void errors_areThoseOfNumpy() {
    NumpyRandomState random = NumpyRandomState.seed(1);
    MersenneTwisterState before = random.getState();
    assertMessage(
        "seed: expected a number of 0 to 2^32 - 1 but got -1", () -> NumpyRandomState.seed(-1));
    assertMessage(
        "seed: expected a number of 0 to 2^32 - 1 but got 4294967296",
        () -> random.setSeed(1L << 32));
    assertMessage(
        "seed: expected at least 1 number but got none", () -> NumpyRandomState.seed(new long[0]));
    assertMessage(
        "seed: expected at least 1 number but got none", () -> random.setSeed(new int[0]));
    assertMessage(
        "seed: expected a number of 0 to 2^32 - 1 but got -7",
        () -> NumpyRandomState.seed(new long[] {3, -7}));
    assertMessage("range of int64: expected low < high but got 0 and 0", () -> random.randint(0));
    assertMessage(
        "range of int64: expected low < high but got 6 and 5", () -> random.randint(6, 5, 10));
    assertMessage(
        "randint: expected a count of at least 0 but got -1", () -> random.randint(0, 5, -1));
    assertMessage("nextInt: expected n of at least 1 but got 0", () -> random.nextInt(0));
    assertMessage(
        "uniform: expected a finite high - low but got low 0.0 and high Infinity",
        () -> random.uniform(0, Double.POSITIVE_INFINITY));
    assertMessage(
        "uniform: expected a finite high - low but got low -1.0E308 and high 1.0E308",
        () -> random.uniform(-1e308, 1e308, 5));
    assertMessage(
        "normal: expected a scale of at least 0 but got -1.0", () -> random.normal(0, -1));
    assertMessage(
        "normal: expected a scale of at least 0 but got -0.0",
        () -> random.normal(0, -0.0, new double[2]));
    assertMessage("binomial: expected n of at least 0 but got -1", () -> random.binomial(-1, 0.5));
    assertMessage(
        "binomial: expected p of 0 to 1 but got 1.1", () -> random.binomial(1, 1.1, 2, 2));
    assertMessage(
        "binomial: expected p of 0 to 1 but got NaN", () -> random.binomial(1, Double.NaN));
    assertMessage("bytes: expected a count of at least 0 but got -1", () -> random.bytes(-1));
    assertMessage("permutation: expected n of at least 0 but got -1", () -> random.permutation(-1));
    assertMessage(
        "permutation: expected at least one axis but got shape ()",
        () -> random.permutation(Tensor.scalar(1)));
    assertMessage(
        "shuffle: expected at least one axis but got shape ()",
        () -> random.shuffle(Tensor.scalar(1)));
    assertMessage(
        "shape (2, -1): expected lengths of at least 0 but got -1", () -> random.rand(2, -1));
    assertEquals(before, random.getState());
  }

  @Test
  void errorsOfChoices_areThoseOfNumpy() {
    NumpyRandomState random = NumpyRandomState.seed(1);
    assertMessage(
        "choice: expected at least 1 number to choose from but got 0", () -> random.choice(0, 1));
    assertMessage("choice: expected a count of at least 0 but got -1", () -> random.choice(3, -1));
    assertMessage(
        "choice without replacement: expected a count of at most 3 but got 4",
        () -> random.choiceWithoutReplacement(3, 4));
    assertMessage(
        "choice: expected 3 probabilities but got 2",
        () -> random.choice(3, 2, new double[] {0.5, 0.5}));
    assertMessage(
        "choice: expected probabilities that add up to 1 but got 1.1",
        () -> random.choice(3, 2, new double[] {0.5, 0.5, 0.1}));
    assertMessage(
        "choice: expected probabilities that add up to 1 but got 0.0",
        () -> random.choice(0, 0, new double[0]));
    assertMessage(
        "choice: expected probabilities of at least 0 but got -0.5 at index 2",
        () -> random.choice(3, 2, new double[] {0.5, 1.0, -0.5}));
    assertMessage(
        "choice: expected probabilities but got NaN among them",
        () -> random.choice(3, 2, new double[] {0.5, 0.5, Double.NaN}));
    assertMessage(
        "choice without replacement: expected a count of at most 1, as many probabilities are"
            + " above 0, but got 2",
        () -> random.choiceWithoutReplacement(3, 2, new double[] {1, 0, 0}));
    assertMessage(
        "choice without replacement: expected a count of at most 3 but got 4",
        () -> random.choiceWithoutReplacement(3, 4, new double[] {0.5, 0.25, 0.25}));
    assertEquals(0, random.choice(0, 0).length);
    assertEquals(0, random.choice(-1, 0).length);
  }

  /** numpy's tolerance is the root of the double epsilon, 1.49e-8. */
  @Test
  void choice_takesProbabilitiesThatAddUpTo1WithinNumpysTolerance() {
    NumpyRandomState random = NumpyRandomState.seed(1);
    assertArrayEquals(new int[3], random.choice(2, 3, new double[] {1 - 1.4e-8, 0}));
    assertMessage(
        "choice: expected probabilities that add up to 1 but got 0.999999984",
        () -> random.choice(2, 3, new double[] {1 - 1.6e-8, 0}));
  }

  @Test
  void states_areChecked() {
    assertMessage(
        "random state: expected a key of 624 words but got 623",
        () -> new MersenneTwisterState(new int[623], 0, false, 0));
    assertMessage(
        "random state: expected a position of 0 to 624 but got 625",
        () -> new MersenneTwisterState(new int[624], 625, false, 0));
    assertMessage(
        "random state: expected a position of 0 to 624 but got -1",
        () -> new MersenneTwisterState(new int[624], -1, false, 0));
  }

  static void assertMessage(String message, Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }
}
