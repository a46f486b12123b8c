package org.allclose.random;

import java.util.List;
import org.allclose.tensor.Tensor;
import org.apache.commons.math3.random.RandomGenerator;

/**
 * What numpy's two generators offer alike, each with numbers of its own.
 *
 * <p>A method without a shape gives one number, with {@code int... shape} a new tensor in C order,
 * and with an array it overwrites that array: the numbers are the same. Arrays of integers have one
 * axis; numpy's for another shape has the same elements in C order.
 *
 * <p>One object is for one thread at a time; nothing here is synchronized.
 *
 * <p>It is a {@link RandomGenerator} of Commons Math, so that the samplers of Commons Math run on
 * it. <b>These match numpy to the bit</b>, since they do the same with the numbers drawn: {@code
 * NormalDistribution.sample} is {@link #normal(double, double)}; {@code GaussianRandomGenerator} is
 * {@link #standardNormal()}; {@code UncorrelatedRandomVectorGenerator} with it is mean + deviation
 * * standardNormal; {@code UniformIntegerDistribution.sample} and {@code
 * RandomDataGenerator.nextInt} are numpy's integers of the same closed range, if it has less than
 * 2^31 values; {@code MathArrays.shuffle} and {@code RandomDataGenerator.nextPermutation} are
 * numpy's {@code shuffle} and the beginning of {@code permutation(n)}, with {@link
 * NumpyRandomState} only. <b>No other does</b>: Commons Math forms {@code UniformRealDistribution}
 * as {@code u * high + (1 - u) * low}, which rounds otherwise, and has other algorithms for the
 * exponential, gamma, Poisson, binomial and all further distributions.
 */
public abstract sealed class NumpyRandom implements RandomGenerator
    permits NumpyRandomState, NumpyGenerator {
  private final RandomBits bits;

  NumpyRandom(RandomBits bits) {
    this.bits = bits;
  }

  // --- what the two generators do differently ---

  /** Fills an array with standard normal numbers. */
  abstract void fillNormal(double[] into);

  /** Returns one integer. */
  abstract long integer(IntegerRange range);

  /** Fills an array with integers. */
  abstract void fillIntegers(IntegerRange range, long[] into);

  /** Chooses so many of the numbers 0 ... n - 1, the arguments being checked. */
  abstract int[] sample(int n, int count);

  /** Checks the bounds of uniform numbers beyond that their difference is finite. */
  abstract void checkUniform(double low, double high);

  // --- uniform numbers ---

  /** Returns a uniform number in [0, 1), a multiple of 2^-53. */
  public final double random() {
    return bits.nextDouble();
  }

  /** Returns uniform numbers in [0, 1). */
  public final Tensor random(int... shape) {
    Tensor result = Tensor.zeros(shape);
    random(result.unwrap());
    return result;
  }

  /** Fills an array with uniform numbers in [0, 1). */
  public final void random(double[] into) {
    bits.fill(into, 0, into.length);
  }

  /**
   * Returns a uniform number, {@code low + (high - low) * random()}.
   *
   * @throws IllegalArgumentException if {@code high - low} is not finite; for a {@link
   *     NumpyGenerator}, also if it is negative
   */
  public final double uniform(double low, double high) {
    return low + uniformWidth(low, high) * bits.nextDouble();
  }

  /**
   * Returns uniform numbers.
   *
   * @throws IllegalArgumentException as {@link #uniform(double, double)}
   */
  public final Tensor uniform(double low, double high, int... shape) {
    Tensor result = Tensor.zeros(shape);
    uniform(low, high, result.unwrap());
    return result;
  }

  /**
   * Fills an array with uniform numbers.
   *
   * @throws IllegalArgumentException as {@link #uniform(double, double)}
   */
  public final void uniform(double low, double high, double[] into) {
    double width = uniformWidth(low, high);
    random(into);
    for (int i = 0; i < into.length; i++) {
      into[i] = low + width * into[i];
    }
  }

  private double uniformWidth(double low, double high) {
    double width = high - low;
    if (!Double.isFinite(width)) {
      throw new IllegalArgumentException(
          "uniform: expected a finite high - low but got low " + low + " and high " + high);
    }
    checkUniform(low, high);
    return width;
  }

  // --- normal numbers ---

  /** Returns a standard normal number. */
  public final double standardNormal() {
    return nextGaussian();
  }

  /** Returns standard normal numbers. */
  public final Tensor standardNormal(int... shape) {
    Tensor result = Tensor.zeros(shape);
    fillNormal(result.unwrap());
    return result;
  }

  /** Fills an array with standard normal numbers. */
  public final void standardNormal(double[] into) {
    fillNormal(into);
  }

  /**
   * Returns a normal number, {@code loc + scale * standardNormal()}.
   *
   * @throws IllegalArgumentException if scale is negative or -0.0
   */
  public final double normal(double loc, double scale) {
    checkScale(scale);
    return loc + scale * nextGaussian();
  }

  /**
   * Returns normal numbers.
   *
   * @throws IllegalArgumentException if scale is negative or -0.0
   */
  public final Tensor normal(double loc, double scale, int... shape) {
    Tensor result = Tensor.zeros(shape);
    normal(loc, scale, result.unwrap());
    return result;
  }

  /**
   * Fills an array with normal numbers.
   *
   * @throws IllegalArgumentException if scale is negative or -0.0
   */
  public final void normal(double loc, double scale, double[] into) {
    checkScale(scale);
    fillNormal(into);
    for (int i = 0; i < into.length; i++) {
      into[i] = loc + scale * into[i];
    }
  }

  /** As numpy, which looks at the sign bit and lets NaN pass. */
  private static void checkScale(double scale) {
    if (Math.copySign(1.0, scale) < 0 && !Double.isNaN(scale)) {
      throw new IllegalArgumentException("normal: expected a scale of at least 0 but got " + scale);
    }
  }

  // --- permutations ---

  /**
   * Returns the numbers 0 ... n - 1 in random order.
   *
   * @throws IllegalArgumentException if n is negative; numpy then returns an empty array
   */
  public final int[] permutation(int n) {
    if (n < 0) {
      throw new IllegalArgumentException("permutation: expected n of at least 0 but got " + n);
    }
    return Shuffling.permutation(bits, n);
  }

  /**
   * Returns a tensor's slices along the first axis in random order.
   *
   * @param x at least one axis; not modified
   * @throws IllegalArgumentException if x has no axis
   */
  public final Tensor permutation(Tensor x) {
    return Shuffling.permutation(bits, x, 0);
  }

  /** Puts elements in random order. */
  public final void shuffle(int[] x) {
    Shuffling.shuffle(bits, x);
  }

  /** Puts elements in random order. */
  public final void shuffle(long[] x) {
    Shuffling.shuffle(bits, x);
  }

  /** Puts elements in random order. */
  public final void shuffle(double[] x) {
    Shuffling.shuffle(bits, x, 0, x.length, 1);
  }

  /** Puts elements in random order. */
  public final void shuffle(List<?> x) {
    Shuffling.shuffle(bits, x);
  }

  /**
   * Puts slices along the first axis in random order; a tensor without elements draws nothing.
   *
   * @param x at least one axis; modified
   * @throws IllegalArgumentException if x has no axis
   */
  public final void shuffle(Tensor x) {
    Shuffling.shuffle(bits, x, 0);
  }

  // --- choices ---

  /**
   * Chooses so many of the numbers 0 ... n - 1, each as often as it comes.
   *
   * @throws IllegalArgumentException if the count is negative, or there is nothing to choose from
   */
  public final int[] choice(int n, int count) {
    Sampling.check(n, count);
    long[] numbers = new long[count];
    if (count > 0) {
      fillIntegers(IntegerRange.of(0, n), numbers);
    }
    int[] chosen = new int[count];
    for (int i = 0; i < count; i++) {
      chosen[i] = (int) numbers[i];
    }
    return chosen;
  }

  /**
   * Chooses so many of the numbers 0 ... n - 1 by their probabilities, each as often as it comes.
   *
   * @param p n probabilities; not modified
   * @throws IllegalArgumentException if the count is negative, there is nothing to choose from,
   *     there are not n probabilities, one is negative or NaN, or they do not add up to 1 within
   *     2^-26
   */
  public final int[] choice(int n, int count, double[] p) {
    Sampling.check(n, count);
    Sampling.check(n, p);
    return Sampling.withReplacement(bits, count, p);
  }

  /**
   * Chooses so many of the numbers 0 ... n - 1, each once at most: {@code choice(n, count,
   * replace=False)}.
   *
   * @throws IllegalArgumentException if the count is negative or above n
   */
  public final int[] choiceWithoutReplacement(int n, int count) {
    Sampling.checkWithoutReplacement(n, count);
    return sample(n, count);
  }

  /**
   * Chooses so many of the numbers 0 ... n - 1 by their probabilities, each once at most.
   *
   * @param p n probabilities; not modified
   * @throws IllegalArgumentException as {@link #choice(int, int, double[])}, or if the count is
   *     above the number of probabilities that are not 0
   */
  public final int[] choiceWithoutReplacement(int n, int count, double[] p) {
    Sampling.checkWithoutReplacement(n, count);
    Sampling.check(n, p);
    Sampling.checkPossible(count, p);
    return Sampling.withoutReplacement(bits, count, p);
  }

  // --- bytes, and the interface of Commons Math ---

  /**
   * Returns random bytes.
   *
   * @throws IllegalArgumentException if the count is negative
   */
  public final byte[] bytes(int count) {
    if (count < 0) {
      throw new IllegalArgumentException("bytes: expected a count of at least 0 but got " + count);
    }
    byte[] result = new byte[count];
    nextBytes(result);
    return result;
  }

  /**
   * Fills an array as {@link #bytes}: from words of 32 bits, lowest byte first. As in numpy, one
   * word is drawn even for no byte.
   */
  @Override
  public final void nextBytes(byte[] into) {
    int word = bits.next32();
    for (int i = 0; i < into.length; i++) {
      if (i > 0) {
        word = i % 4 == 0 ? bits.next32() : word >>> 8;
      }
      into[i] = (byte) word;
    }
  }

  /** Returns 32 random bits: numpy's {@code next_uint32}. */
  @Override
  public final int nextInt() {
    return bits.next32();
  }

  /**
   * Returns a number of [0, n): numpy's integers of that range.
   *
   * @throws IllegalArgumentException if n is not positive
   */
  @Override
  public final int nextInt(int n) {
    if (n <= 0) {
      throw new IllegalArgumentException("nextInt: expected n of at least 1 but got " + n);
    }
    return (int) integer(new IntegerRange(IntegerType.INT64, 0, n - 1L));
  }

  /** Returns 64 random bits: numpy's {@code next_uint64}. */
  @Override
  public final long nextLong() {
    return bits.next64();
  }

  /** Returns the lowest of 32 random bits: one number of numpy's {@code bool} integers. */
  @Override
  public final boolean nextBoolean() {
    return (bits.next32() & 1) != 0;
  }

  /** Returns a multiple of 2^-24 in [0, 1): numpy's {@code random(dtype=np.float32)}. */
  @Override
  public final float nextFloat() {
    return bits.nextFloat();
  }

  /** Returns {@link #random()}. */
  @Override
  public final double nextDouble() {
    return bits.nextDouble();
  }
}
