package org.allclose.random;

import java.util.Arrays;
import java.util.Locale;

/**
 * The state of a {@link NumpyRandomState}: what {@code np.random.get_state()} returns.
 *
 * <p>Immutable.
 */
public final class MersenneTwisterState {

  /** What numpy calls the algorithm. */
  public static final String ALGORITHM = "MT19937";

  private final int[] key;
  private final int position;
  private final boolean hasGauss;
  private final double cachedGaussian;

  /**
   * @param key the Mersenne twister's 624 words, each unsigned; copied
   * @param position how many of them have been given out, 0 to 624
   * @param hasGauss whether {@code randn} has one number in store
   * @param cachedGaussian that number; without one, 0 as a rule
   * @throws IllegalArgumentException if there are not 624 words, or the position is not among them
   */
  public MersenneTwisterState(int[] key, int position, boolean hasGauss, double cachedGaussian) {
    if (key.length != MersenneTwisterBits.SIZE) {
      throw new IllegalArgumentException(
          "random state: expected a key of 624 words but got " + key.length);
    }
    if (position < 0 || position > MersenneTwisterBits.SIZE) {
      throw new IllegalArgumentException(
          "random state: expected a position of 0 to 624 but got " + position);
    }
    this.key = key.clone();
    this.position = position;
    this.hasGauss = hasGauss;
    this.cachedGaussian = cachedGaussian;
  }

  /** Returns the Mersenne twister's 624 words, each unsigned, a copy: {@code key}. */
  public int[] key() {
    return key.clone();
  }

  /** Returns how many of them have been given out: {@code pos}. */
  public int position() {
    return position;
  }

  /** Returns whether {@code randn} has one number in store: {@code has_gauss}. */
  public boolean hasGauss() {
    return hasGauss;
  }

  /** Returns that number: {@code cached_gaussian}. */
  public double cachedGaussian() {
    return cachedGaussian;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MersenneTwisterState state
        && Arrays.equals(key, state.key)
        && position == state.position
        && hasGauss == state.hasGauss
        && Double.compare(cachedGaussian, state.cachedGaussian) == 0;
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(key) + position;
  }

  /** Returns the algorithm, the first words and the position. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%s[key=%s %s ..., position=%d, hasGauss=%s, cachedGaussian=%s]",
        ALGORITHM,
        Integer.toUnsignedString(key[0]),
        Integer.toUnsignedString(key[1]),
        position,
        hasGauss,
        cachedGaussian);
  }
}
