package org.allclose.random;

/**
 * The Mersenne twister MT19937, a block of 624 words at a time.
 *
 * <p>Commons Math's {@code MersenneTwister} gives the same words for seeds below 2^31 and for
 * arrays of seeds. It is not used because it hides its state, which has to be exchanged with numpy,
 * seeds otherwise from 2^31 on, and takes a call for each word.
 *
 * <p>Source: M. Matsumoto, T. Nishimura, "Mersenne Twister: A 623-Dimensionally Equidistributed
 * Uniform Pseudo-Random Number Generator", ACM TOMACS 8 (1998), and its reference implementation of
 * 2002; numpy {@code mt19937.c} for doubles.
 */
final class MersenneTwisterBits extends RandomBits {
  static final int SIZE = 624;

  private static final int OFFSET = 397;

  /** How far back the recurrence reaches within the new block. */
  private static final int GAP = SIZE - OFFSET;

  private static final int UPPER = 0x80000000;
  private static final int LOWER = 0x7fffffff;
  private static final int MATRIX = 0x9908b0df;
  private static final int ARRAY_SEED = 19650218;

  private final int[] key = new int[SIZE];

  /** The words of {@link #key} as they are given out. */
  private final int[] words = new int[SIZE];

  // Copies of parts of the key, so that the loops that make a block read all arrays at one index:
  // C2 vectorises them only so.
  private final int[] following = new int[SIZE];
  private final int[] distant = new int[SIZE];

  private int position = SIZE;

  /** Seeds as {@code np.random.seed(seed)}, the seed being unsigned. */
  void seed(int seed) {
    key[0] = seed;
    for (int i = 1; i < SIZE; i++) {
      key[i] = 1812433253 * (key[i - 1] ^ (key[i - 1] >>> 30)) + i;
    }
    position = SIZE;
  }

  /** Seeds as {@code np.random.seed([...])}: with at least one number, each unsigned. */
  void seed(int[] seeds) {
    seed(ARRAY_SEED);
    int i = 1;
    int j = 0;
    for (int k = Math.max(SIZE, seeds.length); k > 0; k--) {
      key[i] = (key[i] ^ (key[i - 1] ^ (key[i - 1] >>> 30)) * 1664525) + seeds[j] + j;
      i = nextSeeded(i);
      j = j + 1 == seeds.length ? 0 : j + 1;
    }
    for (int k = SIZE - 1; k > 0; k--) {
      key[i] = (key[i] ^ (key[i - 1] ^ (key[i - 1] >>> 30)) * 1566083941) - i;
      i = nextSeeded(i);
    }
    key[0] = UPPER;
  }

  private int nextSeeded(int i) {
    if (i + 1 < SIZE) {
      return i + 1;
    }
    key[0] = key[SIZE - 1];
    return 1;
  }

  /** Returns a copy of the recurrence's last 624 words. */
  int[] key() {
    return key.clone();
  }

  /** Returns how many of them have been given out. */
  int position() {
    return position;
  }

  /** Continues where another generator is. */
  void set(int[] newKey, int newPosition) {
    System.arraycopy(newKey, 0, key, 0, SIZE);
    temper();
    position = newPosition;
  }

  @Override
  int next32() {
    if (position == SIZE) {
      generate();
    }
    return words[position++];
  }

  @Override
  long next64() {
    long high = next32();
    return high << 32 | (next32() & 0xffffffffL);
  }

  @Override
  double nextDouble() {
    int high = next32();
    return toDouble(high, next32());
  }

  /** Puts 27 and 26 bits together. numpy divides by 2^53, which is as exact. */
  private static double toDouble(int high, int low) {
    return ((high >>> 5) * 0x1p26 + (low >>> 6)) * 0x1p-53;
  }

  @Override
  void fill(double[] into, int from, int to) {
    int next = from;
    while (next < to) {
      if (position >= SIZE - 1) {
        into[next++] = nextDouble();
      }
      int count = Math.min(to - next, (SIZE - position) >> 1);
      for (int i = 0; i < count; i++) {
        into[next + i] = toDouble(words[position + 2 * i], words[position + 2 * i + 1]);
      }
      next += count;
      position += 2 * count;
    }
  }

  /**
   * As specified, without a branch for each rejection, which no processor can predict: a word that
   * is rejected is overwritten by the next one.
   */
  @Override
  void intervals(int max, int step, int[] numbers, int count) {
    int bound = max;
    int done = 0;
    while (done < count) {
      if (position == SIZE) {
        generate();
      }
      int mask = mask(bound);
      // As many words as are certainly needed under this mask.
      int alike = step == 0 ? count - done : Math.min(count - done, bound - (mask >>> 1));
      int end = position + Math.min(alike, SIZE - position);
      while (position < end) {
        int value = words[position++] & mask;
        int accepted = (value - bound - 1) >>> 31;
        numbers[done] = value;
        done += accepted;
        bound -= accepted & step;
      }
    }
  }

  private void generate() {
    System.arraycopy(key, 1, following, 0, SIZE - 1);
    System.arraycopy(key, OFFSET, distant, 0, GAP);
    generate(0, GAP);
    System.arraycopy(key, 0, distant, GAP, GAP);
    generate(GAP, 2 * GAP);
    System.arraycopy(key, GAP, distant, 2 * GAP, SIZE - 2 * GAP);
    following[SIZE - 1] = key[0];
    generate(2 * GAP, SIZE);
    temper();
    position = 0;
  }

  private void generate(int from, int to) {
    for (int i = from; i < to; i++) {
      int y = (key[i] & UPPER) | (following[i] & LOWER);
      key[i] = distant[i] ^ (y >>> 1) ^ (-(y & 1) & MATRIX);
    }
  }

  private void temper() {
    for (int i = 0; i < SIZE; i++) {
      int y = key[i];
      y ^= y >>> 11;
      y ^= (y << 7) & 0x9d2c5680;
      y ^= (y << 15) & 0xefc60000;
      words[i] = y ^ (y >>> 18);
    }
  }
}
