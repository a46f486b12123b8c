package org.allclose.random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.ExponentialDistribution;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.distribution.UniformIntegerDistribution;
import org.apache.commons.math3.distribution.UniformRealDistribution;
import org.apache.commons.math3.random.GaussianRandomGenerator;
import org.apache.commons.math3.random.RandomDataGenerator;
import org.apache.commons.math3.random.RandomGenerator;
import org.apache.commons.math3.random.UncorrelatedRandomVectorGenerator;
import org.apache.commons.math3.util.MathArrays;
import org.junit.jupiter.api.Test;

/** What {@link NumpyRandom} says of Commons Math's samplers; the numbers are numpy's. */
class CommonsMathSamplersTest {

  private static NumpyRandomState legacy() {
    return NumpyRandomState.seed(231);
  }

  /** {@code RandomState(231).normal(0.3, 1.7, 4)}; default_rng(231) for the second. */
  @Test
  void normal_matches() {
    double[] expected = {
      1.0105037984538794, 2.6750704739358233, -2.7360373248096357, -0.9050071474338142
    };
    assertArrayEquals(expected, normals(legacy()));
    double[] ofGenerator = {
      -0.31395218597504987, 5.353437305519095, 0.5474546603203395, 1.2890622373296887
    };
    assertArrayEquals(ofGenerator, normals(NumpyGenerator.seed(231)));
    UncorrelatedRandomVectorGenerator vectors =
        new UncorrelatedRandomVectorGenerator(
            new double[] {0.3, 0.3, 0.3, 0.3},
            new double[] {1.7, 1.7, 1.7, 1.7},
            new GaussianRandomGenerator(legacy()));
    assertArrayEquals(expected, vectors.nextVector());
  }

  private static double[] normals(RandomGenerator random) {
    return new NormalDistribution(random, 0.3, 1.7).sample(4);
  }

  /** {@code RandomState(231).randint(-3, 8, 10)}; default_rng(231).integers for the second. */
  @Test
  void integers_match() {
    int[] expected = {4, -3, 1, 6, 3, -1, 4, 1, 7, -2};
    assertArrayEquals(expected, new UniformIntegerDistribution(legacy(), -3, 7).sample(10));
    RandomDataGenerator data = new RandomDataGenerator(legacy());
    assertArrayEquals(expected, IntStream.range(0, 10).map(i -> data.nextInt(-3, 7)).toArray());
    int[] ofGenerator = {-1, 3, -2, 6, 2, -2, -2, 1, -3, 3};
    assertArrayEquals(
        ofGenerator, new UniformIntegerDistribution(NumpyGenerator.seed(231), -3, 7).sample(10));
  }

  /** {@code RandomState(231).shuffle(np.arange(10, 18))}, {@code .choice(10, 4, replace=False)}. */
  @Test
  void permutations_matchTheLegacyGenerator() {
    int[] x = IntStream.range(10, 18).toArray();
    MathArrays.shuffle(x, legacy());
    assertArrayEquals(new int[] {15, 16, 12, 13, 11, 14, 10, 17}, x);
    int[] chosen = new RandomDataGenerator(legacy()).nextPermutation(10, 4);
    assertArrayEquals(new int[] {6, 5, 8, 9}, chosen);
  }

  /** {@code default_rng(231).permutation(10)} draws by masks, its integers by Lemire's rule. */
  @Test
  void permutations_doNotMatchTheNewerGenerator() {
    int[] numpys = {1, 7, 4, 5, 6, 8, 0, 3, 9, 2};
    assertArrayEquals(numpys, NumpyGenerator.seed(231).permutation(10));
    int[] x = IntStream.range(0, 10).toArray();
    MathArrays.shuffle(x, NumpyGenerator.seed(231));
    assertNotEquals(Arrays.toString(numpys), Arrays.toString(x));
  }

  /** {@code RandomState(231).uniform(-2.5, 0.1, 8)}: the third one differs in the last bit. */
  @Test
  void uniform_doesNotMatch() {
    double[] numpys = {
      -0.468115493845068,
      -0.9810562981775874,
      -1.390553817508275,
      -1.6801037932199177,
      -0.35009044339672535,
      -0.15108336082981166,
      -2.398760925921502,
      -0.12042124845455948
    };
    assertArrayEquals(numpys, legacy().uniform(-2.5, 0.1, 8).unwrap());
    double[] sampled = new UniformRealDistribution(legacy(), -2.5, 0.1).sample(8);
    assertArrayEquals(numpys, sampled, 1e-15);
    assertNotEquals(Arrays.toString(numpys), Arrays.toString(sampled));
  }

  /** {@code RandomState(231).standard_exponential()}. */
  @Test
  void exponential_doesNotMatch() {
    assertEquals(1.520941991723751, legacy().standardExponential());
    assertNotEquals(1.520941991723751, new ExponentialDistribution(legacy(), 1).sample());
  }

  /** {@code RandomState(231).randint(0, 2, dtype=bool)} eight times, {@code .bytes(6)}. */
  @Test
  void bitsOfTheInterface_areNumpys() {
    NumpyRandomState random = legacy();
    boolean[] expected = {true, false, false, true, true, false, false, false};
    for (boolean bit : expected) {
      assertEquals(bit, random.nextBoolean());
    }
    byte[] bytes = new byte[6];
    legacy().nextBytes(bytes);
    assertArrayEquals(HexFormat.of().parseHex("57fe0fc8b084"), bytes);
    assertEquals((int) 3356491351L, legacy().nextInt());
    assertEquals((int) 3356491351L >>> 8, (int) (legacy().nextFloat() * 0x1p24f));
    assertEquals(legacy().random(), legacy().nextDouble());
  }
}
