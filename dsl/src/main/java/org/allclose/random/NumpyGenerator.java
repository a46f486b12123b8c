package org.allclose.random;

import java.math.BigInteger;
import java.util.List;
import org.allclose.tensor.Tensor;

/**
 * numpy's newer generator, {@code np.random.default_rng}: PCG64, seeded by a {@link SeedSequence}.
 * The numbers have numpy's bits, in any mixture of calls.
 *
 * <p>One object is for one thread at a time; {@link #spawn} gives independent ones for others.
 *
 * <p>Source: numpy {@code _generator.pyx}, {@code distributions.c}, {@code _pcg64.pyx}
 * (BSD-3-Clause).
 */
public final class NumpyGenerator extends NumpyRandom {
  /** How far {@link #jumped} goes: the golden ratio's fraction of the period. */
  private static final BigInteger JUMP = new BigInteger("9e3779b97f4a7c15f39cc0605cedc835", 16);

  /** Up to here, and for small parts of more, single numbers are chosen instead of shuffled. */
  private static final int FLOYD_LIMIT = 10_000;

  private static final int SHUFFLED_PART = 50;
  private static final int UNSHUFFLED_PART = 20;

  private final Pcg64Bits bits;
  private SeedSequence seedSequence;

  private NumpyGenerator(Pcg64Bits bits, SeedSequence seedSequence) {
    super(bits);
    this.bits = bits;
    this.seedSequence = seedSequence;
  }

  /**
   * Returns {@code np.random.default_rng(seed)}.
   *
   * @throws IllegalArgumentException if the seed is negative
   */
  public static NumpyGenerator seed(long seed) {
    return of(SeedSequence.of(seed));
  }

  /**
   * Returns {@code np.random.default_rng(seed)} with a seed of any size.
   *
   * @throws IllegalArgumentException if the seed is negative
   */
  public static NumpyGenerator seed(BigInteger seed) {
    return of(SeedSequence.of(seed));
  }

  /**
   * Returns {@code np.random.default_rng([...])} with seeds of any size.
   *
   * @throws IllegalArgumentException if a seed is negative
   */
  public static NumpyGenerator seed(List<BigInteger> seeds) {
    return of(SeedSequence.of(seeds));
  }

  /** Returns {@code np.random.default_rng(sequence)}; {@link #spawn} counts in the sequence. */
  public static NumpyGenerator of(SeedSequence sequence) {
    NumpyGenerator generator = new NumpyGenerator(new Pcg64Bits(), sequence);
    generator.start(sequence);
    return generator;
  }

  private void start(SeedSequence sequence) {
    seedSequence = sequence;
    bits.seed(sequence.generateLongs(4));
  }

  /** Starts anew as {@code default_rng(seed)}, the seed being read as unsigned. */
  @Override
  public void setSeed(int seed) {
    start(SeedSequence.of(seed & 0xffffffffL));
  }

  /** Starts anew as {@code default_rng([...])}, the seeds being read as unsigned. */
  @Override
  public void setSeed(int[] seeds) {
    BigInteger[] numbers = new BigInteger[seeds.length];
    for (int i = 0; i < seeds.length; i++) {
      numbers[i] = BigInteger.valueOf(seeds[i] & 0xffffffffL);
    }
    start(SeedSequence.of(List.of(numbers)));
  }

  /**
   * Starts anew as {@code default_rng(seed)}.
   *
   * @throws IllegalArgumentException if the seed is negative
   */
  @Override
  public void setSeed(long seed) {
    start(SeedSequence.of(seed));
  }

  /** Returns what seeded this generator: {@code rng.bit_generator.seed_seq}. */
  public SeedSequence seedSequence() {
    return seedSequence;
  }

  /**
   * Returns so many generators that are independent of this one and of each other, other ones at
   * each call; this one's numbers stay as they are.
   *
   * @throws IllegalArgumentException if the number is negative
   */
  public List<NumpyGenerator> spawn(int children) {
    return seedSequence.spawn(children).stream().map(NumpyGenerator::of).toList();
  }

  /**
   * Returns a generator that is so many times 210306068529402873165736369884012333109 words ahead:
   * {@code rng.bit_generator.jumped(jumps)}.
   */
  public NumpyGenerator jumped(long jumps) {
    NumpyGenerator ahead = new NumpyGenerator(new Pcg64Bits(), seedSequence);
    ahead.setState(getState());
    ahead.advance(JUMP.multiply(BigInteger.valueOf(jumps)));
    return ahead;
  }

  /**
   * Goes forward by so many words of 64 bits, back if it is negative, and drops the half of a word
   * that waits to be used: {@code rng.bit_generator.advance(words)}.
   */
  public void advance(BigInteger words) {
    bits.advance(words);
  }

  /** Returns the state: {@code rng.bit_generator.state}. */
  public Pcg64State getState() {
    return bits.state();
  }

  /** Continues where another generator was; {@link #seedSequence} stays this one's. */
  public void setState(Pcg64State state) {
    bits.set(state);
  }

  /** Fills an array with multiples of 2^-24 in [0, 1): {@code rng.random(dtype=np.float32)}. */
  public void random(float[] into) {
    for (int i = 0; i < into.length; i++) {
      into[i] = bits.nextFloat();
    }
  }

  /**
   * Returns an integer in [low, high) of numpy's default type, int64.
   *
   * @throws IllegalArgumentException if low is not below high
   */
  public long integers(long low, long high) {
    return integer(IntegerRange.of(low, high));
  }

  /**
   * Returns so many integers in [low, high) of numpy's default type, int64.
   *
   * @throws IllegalArgumentException if low is not below high, or the count is negative
   */
  public long[] integers(long low, long high, int count) {
    return integers(IntegerRange.of(low, high), count);
  }

  /** Returns an integer of a range of any type. */
  public long integers(IntegerRange range) {
    return integer(range);
  }

  /**
   * Returns so many integers of a range of any type.
   *
   * @throws IllegalArgumentException if the count is negative
   */
  public long[] integers(IntegerRange range, int count) {
    if (count < 0) {
      throw new IllegalArgumentException(
          "integers: expected a count of at least 0 but got " + count);
    }
    long[] result = new long[count];
    fillIntegers(range, result);
    return result;
  }

  /** Fills an array with integers of a range of any type. */
  public void integers(IntegerRange range, long[] into) {
    fillIntegers(range, into);
  }

  /**
   * Returns a tensor's slices along an axis in random order, whole: {@code permutation(x, axis)}.
   *
   * @param x not modified
   * @throws IllegalArgumentException if there is no such axis
   */
  public Tensor permutation(Tensor x, int axis) {
    return Shuffling.permutation(bits, x, axis);
  }

  /**
   * Puts a tensor's slices along an axis in random order, whole: {@code shuffle(x, axis)}.
   *
   * @param x modified
   * @throws IllegalArgumentException if there is no such axis
   */
  public void shuffle(Tensor x, int axis) {
    Shuffling.shuffle(bits, x, axis);
  }

  /**
   * Returns a tensor's elements in random order: {@code permuted(x)}.
   *
   * @param x not modified
   */
  public Tensor permuted(Tensor x) {
    Tensor result = x.copy();
    shuffle(result.unwrap());
    return result;
  }

  /**
   * Returns a tensor each of whose rows along an axis is put in random order by itself: {@code
   * permuted(x, axis=axis)}.
   *
   * @param x not modified
   * @throws IllegalArgumentException if there is no such axis
   */
  public Tensor permuted(Tensor x, int axis) {
    return Shuffling.permuted(bits, x, axis);
  }

  /**
   * As {@link #choiceWithoutReplacement(int, int)}: {@code choice(n, count, replace=False,
   * shuffle=shuffle)}.
   *
   * @param shuffle whether the order is random, too
   * @throws IllegalArgumentException if the count is negative or above n
   */
  public int[] choiceWithoutReplacement(int n, int count, boolean shuffle) {
    Sampling.checkWithoutReplacement(n, count);
    return sample(n, count, shuffle);
  }

  /** Returns a standard normal number by the ziggurat method. */
  @Override
  public double nextGaussian() {
    return Ziggurat.next(bits);
  }

  @Override
  void fillNormal(double[] into) {
    Ziggurat.fill(bits, into);
  }

  @Override
  long integer(IntegerRange range) {
    return BoundedIntegers.lemire(bits, range);
  }

  @Override
  void fillIntegers(IntegerRange range, long[] into) {
    BoundedIntegers.fillLemire(bits, range, into);
  }

  @Override
  int[] sample(int n, int count) {
    return sample(n, count, true);
  }

  private int[] sample(int n, int count, boolean shuffled) {
    int part = shuffled ? SHUFFLED_PART : UNSHUFFLED_PART;
    return n > FLOYD_LIMIT && count > n / part
        ? Subsets.tail(bits, n, count)
        : Subsets.floyd(bits, n, count, shuffled);
  }

  @Override
  void checkUniform(double low, double high) {
    if (Math.copySign(1.0, high - low) < 0) {
      throw new IllegalArgumentException(
          "uniform: expected low <= high but got low " + low + " and high " + high);
    }
  }

  /** Returns the state. */
  @Override
  public String toString() {
    return "NumpyGenerator[" + getState() + "]";
  }
}
