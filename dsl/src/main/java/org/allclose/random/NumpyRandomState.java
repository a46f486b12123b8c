package org.allclose.random;

import java.util.Arrays;
import org.allclose.internal.kernel.math.ElementaryFunctions;
import org.allclose.tensor.Tensor;

/**
 * numpy's legacy generator, {@code np.random.RandomState}: what {@code np.random.seed(231)} and the
 * functions of {@code np.random} use. The numbers have numpy's bits, in any mixture of calls.
 *
 * <p>{@code randn} makes numbers in pairs and keeps the second for its next call, whatever is drawn
 * in between; seeding forgets it. {@link #getState} and {@link #setState} exchange the state with
 * {@code np.random.get_state()} and {@code set_state()}.
 *
 * <p>One object is for one thread at a time. There is no {@code spawn}: for independent streams,
 * one for each thread, take {@link NumpyGenerator#spawn}.
 *
 * <p>Source: numpy {@code mtrand.pyx}, {@code legacy-distributions.c} (BSD-3-Clause). The 32-bit
 * words are those of Commons Math's {@code MersenneTwister} for the same seed below 2^31.
 */
public final class NumpyRandomState extends NumpyRandom {
  private static final long MAX_SEED = 0xffffffffL;

  private final MersenneTwisterBits bits;
  private final PolarNormals normals;

  private NumpyRandomState(MersenneTwisterBits bits) {
    super(bits);
    this.bits = bits;
    normals = new PolarNormals(bits);
  }

  /**
   * Returns a generator as after {@code np.random.seed(seed)}.
   *
   * @throws IllegalArgumentException if the seed is not in [0, 2^32 - 1]
   */
  public static NumpyRandomState seed(long seed) {
    NumpyRandomState state = new NumpyRandomState(new MersenneTwisterBits());
    state.setSeed(seed);
    return state;
  }

  /**
   * Returns a generator as after {@code np.random.seed([...])} with a list: one number in a list is
   * another seed than the number.
   *
   * @throws IllegalArgumentException if there is no number, or one is not in [0, 2^32 - 1]
   */
  public static NumpyRandomState seed(long[] seeds) {
    int[] words = new int[seeds.length];
    for (int i = 0; i < seeds.length; i++) {
      words[i] = checkSeed(seeds[i]);
    }
    NumpyRandomState state = new NumpyRandomState(new MersenneTwisterBits());
    state.setSeed(words);
    return state;
  }

  /** Returns a generator that continues where another was. */
  public static NumpyRandomState of(MersenneTwisterState state) {
    NumpyRandomState result = new NumpyRandomState(new MersenneTwisterBits());
    result.setState(state);
    return result;
  }

  private static int checkSeed(long seed) {
    if (seed < 0 || seed > MAX_SEED) {
      throw new IllegalArgumentException(
          "seed: expected a number of 0 to 2^32 - 1 but got " + seed);
    }
    return (int) seed;
  }

  /** Starts anew as after {@code np.random.seed(seed)}, the seed being read as unsigned. */
  @Override
  public void setSeed(int seed) {
    bits.seed(seed);
    normals.set(false, 0.0);
  }

  /**
   * Starts anew as after {@code np.random.seed(seed)}.
   *
   * @throws IllegalArgumentException if the seed is not in [0, 2^32 - 1]
   */
  @Override
  public void setSeed(long seed) {
    setSeed(checkSeed(seed));
  }

  /**
   * Starts anew as after {@code np.random.seed([...])}, the numbers being read as unsigned.
   *
   * @throws IllegalArgumentException if there is no number
   */
  @Override
  public void setSeed(int[] seeds) {
    if (seeds.length == 0) {
      throw new IllegalArgumentException("seed: expected at least 1 number but got none");
    }
    bits.seed(seeds);
    normals.set(false, 0.0);
  }

  /** Returns the state: {@code np.random.get_state()}. */
  public MersenneTwisterState getState() {
    return new MersenneTwisterState(
        bits.key(), bits.position(), normals.isCached(), normals.cache());
  }

  /** Continues where another generator was: {@code np.random.set_state(state)}. */
  public void setState(MersenneTwisterState state) {
    bits.set(state.key(), state.position());
    normals.set(state.hasGauss(), state.cachedGaussian());
  }

  /** Returns {@link #random()}. */
  public double rand() {
    return random();
  }

  /** Returns {@link #random(int...)}. */
  public Tensor rand(int... shape) {
    return random(shape);
  }

  /** Does as {@link #random(double[])}. */
  public void rand(double[] into) {
    random(into);
  }

  /** Returns {@link #random()}. */
  public double randomSample() {
    return random();
  }

  /** Returns {@link #random(int...)}. */
  public Tensor randomSample(int... shape) {
    return random(shape);
  }

  /** Returns {@link #standardNormal()}. */
  public double randn() {
    return standardNormal();
  }

  /** Returns {@link #standardNormal(int...)}. */
  public Tensor randn(int... shape) {
    return standardNormal(shape);
  }

  /** Does as {@link #standardNormal(double[])}. */
  public void randn(double[] into) {
    standardNormal(into);
  }

  /** Returns an exponential number of mean 1, {@code -log(1 - random())}. */
  public double standardExponential() {
    return -ElementaryFunctions.log(1.0 - bits.nextDouble());
  }

  /** Returns exponential numbers of mean 1. */
  public Tensor standardExponential(int... shape) {
    Tensor result = Tensor.zeros(shape);
    standardExponential(result.unwrap());
    return result;
  }

  /** Fills an array with exponential numbers of mean 1. */
  public void standardExponential(double[] into) {
    random(into);
    for (int i = 0; i < into.length; i++) {
      into[i] = -ElementaryFunctions.log(1.0 - into[i]);
    }
  }

  /**
   * Returns an integer in [low, high) of numpy's default type, int64.
   *
   * @throws IllegalArgumentException if low is not below high
   */
  public long randint(long low, long high) {
    return integer(IntegerRange.of(low, high));
  }

  /**
   * Returns an integer in [0, high) of numpy's default type, int64.
   *
   * @throws IllegalArgumentException if high is not above 0
   */
  public long randint(long high) {
    return randint(0, high);
  }

  /**
   * Returns so many integers in [low, high) of numpy's default type, int64.
   *
   * @throws IllegalArgumentException if low is not below high, or the count is negative
   */
  public long[] randint(long low, long high, int count) {
    return randint(IntegerRange.of(low, high), count);
  }

  /** Returns an integer of a range of any type. */
  public long randint(IntegerRange range) {
    return integer(range);
  }

  /**
   * Returns so many integers of a range of any type.
   *
   * @throws IllegalArgumentException if the count is negative
   */
  public long[] randint(IntegerRange range, int count) {
    if (count < 0) {
      throw new IllegalArgumentException(
          "randint: expected a count of at least 0 but got " + count);
    }
    long[] result = new long[count];
    fillIntegers(range, result);
    return result;
  }

  /** Fills an array with integers of a range of any type. */
  public void randint(IntegerRange range, long[] into) {
    fillIntegers(range, into);
  }

  /**
   * Returns how many of n trials succeed.
   *
   * @param n the number of trials, at least 0
   * @param p the probability of success, in [0, 1]
   * @throws IllegalArgumentException if n or p is outside
   */
  public long binomial(long n, double p) {
    return binomials(n, p).next(bits);
  }

  /**
   * Returns numbers of successes, a mask for n of 1: {@code np.random.binomial(n, p, shape)}.
   *
   * @throws IllegalArgumentException as {@link #binomial(long, double)}
   */
  public Tensor binomial(long n, double p, int... shape) {
    Tensor result = Tensor.zeros(shape);
    binomial(n, p, result.unwrap());
    return result;
  }

  /**
   * Fills an array with numbers of successes; those above 2^53 are rounded.
   *
   * @throws IllegalArgumentException as {@link #binomial(long, double)}
   */
  public void binomial(long n, double p, double[] into) {
    Binomials binomials = binomials(n, p);
    for (int i = 0; i < into.length; i++) {
      into[i] = binomials.next(bits);
    }
  }

  private static Binomials binomials(long n, double p) {
    if (n < 0) {
      throw new IllegalArgumentException("binomial: expected n of at least 0 but got " + n);
    }
    if (!(p >= 0 && p <= 1)) {
      throw new IllegalArgumentException("binomial: expected p of 0 to 1 but got " + p);
    }
    return new Binomials(n, p);
  }

  /** Returns {@link #randn()}. */
  @Override
  public double nextGaussian() {
    return normals.next();
  }

  @Override
  void fillNormal(double[] into) {
    normals.fill(into);
  }

  @Override
  long integer(IntegerRange range) {
    return BoundedIntegers.masked(bits, range);
  }

  @Override
  void fillIntegers(IntegerRange range, long[] into) {
    BoundedIntegers.fillMasked(bits, range, into);
  }

  /** The legacy generator permutes all, whatever the count. */
  @Override
  int[] sample(int n, int count) {
    return Arrays.copyOf(permutation(Math.max(n, 0)), count);
  }

  @Override
  void checkUniform(double low, double high) {
    // The legacy generator takes bounds in any order.
  }

  /** Returns the state's first words and position. */
  @Override
  public String toString() {
    return "NumpyRandomState[" + getState() + "]";
  }
}
