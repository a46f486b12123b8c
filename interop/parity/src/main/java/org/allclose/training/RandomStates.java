package org.allclose.training;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.allclose.internal.message.Excerpt;
import org.allclose.internal.text.Tuple;
import org.allclose.jnpy.DType;
import org.allclose.jnpy.NpyArray;
import org.allclose.jnpy.Npz;
import org.allclose.random.MersenneTwisterState;
import org.allclose.random.Pcg64State;

/**
 * States of random generators in {@code .npz} files, so that a stream that numpy began goes on in
 * Java, and the other way round.
 *
 * <p>The file of a {@code RandomState} is what {@code np.savez(file, *np.random.get_state())}
 * writes and {@code np.random.set_state(tuple(np.load(file).values()))} reads: {@code arr_0}, the
 * algorithm's name; {@code arr_1}, the key; {@code arr_2}, the position; {@code arr_3} and {@code
 * arr_4}, whether there is a stored normal number, and that number.
 *
 * <p>The file of a {@code default_rng} has the entries of {@code rng.bit_generator.state}: {@code
 * bit_generator}, {@code state} and {@code inc} (two words of type uint64 each, the upper one
 * first), {@code has_uint32} and {@code uinteger}. {@code testdata/reference/random_states.py}
 * shows how Python writes and reads it.
 */
final class RandomStates {
  private static final List<String> LEGACY = List.of("arr_0", "arr_1", "arr_2", "arr_3", "arr_4");
  private static final List<String> NEWER =
      List.of("bit_generator", "state", "inc", "has_uint32", "uinteger");

  private RandomStates() {}

  /**
   * Reads the state of a {@code RandomState}.
   *
   * @throws IOException if the file cannot be read, or is not such a state
   */
  static MersenneTwisterState readRandomState(Path file) throws IOException {
    return toRandomState(file.toString(), entries(file, LEGACY));
  }

  /** Writes the state of a {@code RandomState}, as {@code np.savez} does, to the byte. */
  static void write(Path file, MersenneTwisterState state) throws IOException {
    Npz.write(file, named(LEGACY, toArrays(state)));
  }

  /**
   * Reads the state of a {@code default_rng}.
   *
   * @throws IOException if the file cannot be read, or is not such a state
   */
  static Pcg64State readGenerator(Path file) throws IOException {
    List<NpyArray> parts = entries(file, NEWER);
    checkAlgorithm(parts.get(0), Pcg64State.ALGORITHM);
    try {
      return new Pcg64State(
          big(parts.get(1)), big(parts.get(2)), flag(parts.get(3)), number(parts.get(4)));
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  /** Writes the state of a {@code default_rng}. */
  static void write(Path file, Pcg64State state) throws IOException {
    Npz.write(
        file,
        named(
            NEWER,
            List.of(
                NpyArray.of(new String[] {Pcg64State.ALGORITHM}, new int[0]),
                words(state.state()),
                words(state.increment()),
                NpyArray.of(new long[] {state.hasHalf() ? 1 : 0}, new int[0]),
                NpyArray.wrap(DType.UINT32, new int[] {(int) state.half()}, new int[0]))));
  }

  /** Returns the five parts of {@code np.random.get_state()}, to be stored among other arrays. */
  static List<NpyArray> toArrays(MersenneTwisterState state) {
    return List.of(
        NpyArray.of(new String[] {MersenneTwisterState.ALGORITHM}, new int[0]),
        NpyArray.wrap(DType.UINT32, state.key(), state.key().length),
        NpyArray.of(new long[] {state.position()}, new int[0]),
        NpyArray.of(new long[] {state.hasGauss() ? 1 : 0}, new int[0]),
        NpyArray.of(new double[] {state.cachedGaussian()}, new int[0]));
  }

  /**
   * Returns the state of the five parts of {@code np.random.get_state()}.
   *
   * @param place what errors call the source
   * @throws IOException if they are not such a state
   */
  static MersenneTwisterState toRandomState(String place, List<NpyArray> parts) throws IOException {
    if (parts.size() != LEGACY.size()) {
      throw new IOException(
          place + ": expected the 5 parts of a random state but got " + parts.size());
    }
    checkAlgorithm(parts.get(0), MersenneTwisterState.ALGORITHM);
    try {
      return new MersenneTwisterState(
          key(parts.get(1)), position(parts.get(2)), flag(parts.get(3)), real(parts.get(4)));
    } catch (IllegalArgumentException e) {
      throw new IOException(place + ": " + e.getMessage(), e);
    }
  }

  private static Map<String, NpyArray> named(List<String> names, List<NpyArray> arrays) {
    Map<String, NpyArray> entries = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      entries.put(names.get(i), arrays.get(i));
    }
    return entries;
  }

  private static List<NpyArray> entries(Path file, List<String> names) throws IOException {
    Map<String, NpyArray> entries = Npz.read(file);
    if (!entries.keySet().equals(Set.copyOf(names))) {
      throw new IOException(
          file + ": expected entries " + names + " but got " + Excerpt.of(entries.keySet()));
    }
    return names.stream().map(entries::get).toList();
  }

  private static void checkAlgorithm(NpyArray array, String expected) throws IOException {
    String found = array.size() == 1 ? array.elementText(0) : "shape " + Tuple.of(array.shape());
    if (!found.equals("'" + expected + "'")) {
      throw new IOException(
          array.source() + ": expected the algorithm '" + expected + "' but got " + found);
    }
  }

  /** A conversion of an array, which may find that it has no such values. */
  private interface Values<T> {
    T get();
  }

  private static <T> T values(Values<T> conversion) throws IOException {
    try {
      return conversion.get();
    } catch (ArithmeticException | IllegalStateException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static int[] key(NpyArray array) throws IOException {
    long[] words = values(array::toUnsignedLongs);
    int[] key = new int[words.length];
    for (int i = 0; i < key.length; i++) {
      if (words[i] >>> 32 != 0) {
        throw new IOException(
            String.format(
                Locale.ROOT,
                "%s: expected words of 0 to 2^32 - 1 but got %s at index %d",
                array.source(),
                array.elementText(i),
                i));
      }
      key[i] = (int) words[i];
    }
    return key;
  }

  private static long number(NpyArray array) throws IOException {
    checkSize(array, 1);
    return values(array::toLongs)[0];
  }

  /** A position outside of all bounds stays outside, for the state to refuse. */
  private static int position(NpyArray array) throws IOException {
    return (int) Math.max(-1, Math.min(Integer.MAX_VALUE, number(array)));
  }

  /** A Python bool or int, as numpy takes both. */
  private static boolean flag(NpyArray array) throws IOException {
    checkSize(array, 1);
    return array.dtype().equals(DType.BOOL) ? array.toBooleans()[0] : number(array) != 0;
  }

  private static double real(NpyArray array) throws IOException {
    checkSize(array, 1);
    return values(array::toDoubles)[0];
  }

  private static NpyArray words(BigInteger value) {
    return NpyArray.wrap(
        DType.UINT64, new long[] {value.shiftRight(64).longValue(), value.longValue()}, 2);
  }

  private static BigInteger big(NpyArray array) throws IOException {
    checkSize(array, 2);
    long[] words = values(array::toUnsignedLongs);
    BigInteger high = new BigInteger(Long.toUnsignedString(words[0]));
    return high.shiftLeft(64).or(new BigInteger(Long.toUnsignedString(words[1])));
  }

  private static void checkSize(NpyArray array, int expected) throws IOException {
    if (array.size() != expected) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "%s: expected %d elements but got shape %s",
              array.source(),
              expected,
              Tuple.of(array.shape())));
    }
  }
}
