package org.allclose.random;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Mixes seeds of any size into the state of a generator, as {@code np.random.SeedSequence}.
 *
 * <p>It can {@link #spawn} further sequences, whose generators are independent of each other and of
 * this one's, as far as anyone can tell. It counts them: one object is for one thread.
 *
 * <p>Source: numpy {@code bit_generator.pyx} (MIT), after M. O'Neill, "Developing a seed_seq
 * Alternative" (2015).
 */
public final class SeedSequence {

  /** How many words of 32 bits are mixed where nothing is said: numpy's {@code pool_size}. */
  public static final int DEFAULT_POOL_SIZE = 4;

  private static final int INITIAL_A = 0x43b0d7e5;
  private static final int MULTIPLIER_A = 0x931e8875;
  private static final int INITIAL_B = 0x8b51f9dd;
  private static final int MULTIPLIER_B = 0x58f38ded;
  private static final int MIX_LEFT = 0xca01f9dd;
  private static final int MIX_RIGHT = 0x4973f715;
  private static final int HALF = 16;

  private final List<BigInteger> entropy;
  private final List<BigInteger> spawnKey;
  private final int[] pool;
  private int childrenSpawned;

  /**
   * Returns a sequence as it was, as numpy tells in {@code seed_seq.state}.
   *
   * @param entropy the seeds, none negative
   * @param spawnKey the number of this sequence among its parent's children, that of its parent
   *     before it, and so on; none negative
   * @param poolSize how many words of 32 bits are mixed, at least 4
   * @param childrenSpawned how many children it has had
   * @throws IllegalArgumentException if a number is too small
   */
  public SeedSequence(
      List<BigInteger> entropy, List<BigInteger> spawnKey, int poolSize, int childrenSpawned) {
    if (poolSize < DEFAULT_POOL_SIZE) {
      throw new IllegalArgumentException(
          "seed sequence: expected a pool of at least 4 words but got " + poolSize);
    }
    if (childrenSpawned < 0) {
      throw new IllegalArgumentException(
          "seed sequence: expected at least 0 spawned children but got " + childrenSpawned);
    }
    this.entropy = List.copyOf(entropy);
    this.spawnKey = List.copyOf(spawnKey);
    this.childrenSpawned = childrenSpawned;
    pool = mix(assemble(poolSize), poolSize);
  }

  /**
   * Returns the sequence of one seed.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public static SeedSequence of(long seed) {
    return of(List.of(BigInteger.valueOf(seed)));
  }

  /**
   * Returns the sequence of one seed of any size.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public static SeedSequence of(BigInteger seed) {
    return of(List.of(seed));
  }

  /**
   * Returns the sequence of several seeds of any size.
   *
   * @throws IllegalArgumentException if one is negative
   */
  public static SeedSequence of(List<BigInteger> seeds) {
    return new SeedSequence(seeds, List.of(), DEFAULT_POOL_SIZE, 0);
  }

  /** Returns the seeds. */
  public List<BigInteger> entropy() {
    return entropy;
  }

  /** Returns this sequence's number among its parent's children, after the parent's own key. */
  public List<BigInteger> spawnKey() {
    return spawnKey;
  }

  /** Returns how many words of 32 bits are mixed. */
  public int poolSize() {
    return pool.length;
  }

  /** Returns how many children there have been. */
  public int childrenSpawned() {
    return childrenSpawned;
  }

  /**
   * Returns so many new sequences, other ones at each call.
   *
   * @throws IllegalArgumentException if the number is negative
   */
  public List<SeedSequence> spawn(int children) {
    if (children < 0) {
      throw new IllegalArgumentException(
          "spawn: expected a number of at least 0 but got " + children);
    }
    List<SeedSequence> spawned = new ArrayList<>();
    for (int i = 0; i < children; i++) {
      List<BigInteger> key = new ArrayList<>(spawnKey);
      key.add(BigInteger.valueOf(childrenSpawned++));
      spawned.add(new SeedSequence(entropy, key, poolSize(), 0));
    }
    return spawned;
  }

  /** Returns words of 32 bits, always the same: {@code generate_state(words)}. */
  public int[] generateInts(int words) {
    int[] state = new int[words];
    int constant = INITIAL_B;
    for (int i = 0; i < words; i++) {
      int value = pool[i % pool.length] ^ constant;
      constant *= MULTIPLIER_B;
      value *= constant;
      state[i] = value ^ value >>> HALF;
    }
    return state;
  }

  /** Returns words of 64 bits, always the same: {@code generate_state(words, np.uint64)}. */
  public long[] generateLongs(int words) {
    int[] halves = generateInts(2 * words);
    long[] state = new long[words];
    for (int i = 0; i < words; i++) {
      state[i] = (halves[2 * i] & 0xffffffffL) | (long) halves[2 * i + 1] << 32;
    }
    return state;
  }

  /** Returns seeds and key as words, the seeds filled up with zeros if there is a key. */
  private List<Integer> assemble(int poolSize) {
    List<Integer> words = new ArrayList<>();
    entropy.forEach(seed -> addWords("seed", seed, words));
    while (!spawnKey.isEmpty() && words.size() < poolSize) {
      words.add(0);
    }
    spawnKey.forEach(key -> addWords("spawn key", key, words));
    return words;
  }

  private static void addWords(String what, BigInteger value, List<Integer> words) {
    if (value.signum() < 0) {
      throw new IllegalArgumentException(
          what + ": expected a number of at least 0 but got " + value);
    }
    BigInteger left = value;
    do {
      words.add(left.intValue());
      left = left.shiftRight(32);
    } while (left.signum() > 0);
  }

  private static int[] mix(List<Integer> words, int size) {
    int[] pool = new int[size];
    Hash hash = new Hash();
    for (int i = 0; i < size; i++) {
      pool[i] = hash.apply(i < words.size() ? words.get(i) : 0);
    }
    for (int from = 0; from < size; from++) {
      for (int to = 0; to < size; to++) {
        if (from != to) {
          pool[to] = mix(pool[to], hash.apply(pool[from]));
        }
      }
    }
    for (int from = size; from < words.size(); from++) {
      for (int to = 0; to < size; to++) {
        pool[to] = mix(pool[to], hash.apply(words.get(from)));
      }
    }
    return pool;
  }

  private static int mix(int x, int y) {
    int result = MIX_LEFT * x - MIX_RIGHT * y;
    return result ^ result >>> HALF;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "SeedSequence[entropy=%s, spawnKey=%s, poolSize=%d, childrenSpawned=%d]",
        entropy,
        spawnKey,
        pool.length,
        childrenSpawned);
  }

  /** A hash whose constant changes with each use. */
  private static final class Hash {
    private int constant = INITIAL_A;

    int apply(int word) {
      int value = word ^ constant;
      constant *= MULTIPLIER_A;
      value *= constant;
      return value ^ value >>> HALF;
    }
  }
}
