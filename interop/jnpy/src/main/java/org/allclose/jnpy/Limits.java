package org.allclose.jnpy;

/**
 * How much a reader accepts before it refuses a file, whatever the file says of itself.
 *
 * <p>The limits are checked before the memory that they bound is allocated. An array that is mapped
 * instead of read needs no memory and is not held to {@link #arrayBytes}; a deflated one is
 * expanded into a file first and held to {@link #expandedBytes}.
 *
 * @param headerCharacters most characters of a header
 * @param arrayBytes most bytes of one array that is read into memory
 * @param axes most axes of an array
 * @param entries most entries of an {@code .npz}
 * @param directoryBytes most bytes of the directory of an {@code .npz}, which is held in memory
 * @param expandedBytes most bytes of a deflated entry that is mapped, which take room on the disk
 */
public record Limits(
    int headerCharacters,
    long arrayBytes,
    int axes,
    int entries,
    int directoryBytes,
    long expandedBytes) {
  /** Most characters of a header by default, numpy's own bound. */
  public static final int DEFAULT_HEADER_CHARACTERS = 10_000;

  /** Most axes of an array by default, numpy's own bound. */
  public static final int DEFAULT_AXES = 64;

  /** Most entries of an {@code .npz} by default. */
  public static final int DEFAULT_ENTRIES = 100_000;

  /** Most bytes of the directory of an {@code .npz} by default. */
  public static final int DEFAULT_DIRECTORY_BYTES = 16 << 20;

  /** Most bytes of a deflated entry that is mapped by default: 16 GiB. */
  public static final long DEFAULT_EXPANDED_BYTES = 16L << 30;

  /**
   * @throws IllegalArgumentException if a limit is negative
   */
  public Limits {
    requireNotNegative("header characters", headerCharacters);
    requireNotNegative("array bytes", arrayBytes);
    requireNotNegative("axes", axes);
    requireNotNegative("entries", entries);
    requireNotNegative("directory bytes", directoryBytes);
    requireNotNegative("expanded bytes", expandedBytes);
  }

  /**
   * Returns the default limits: the constants of this class, and for an array's bytes as many as
   * the heap of this JVM can ever hold.
   */
  public static Limits defaults() {
    return new Limits(
        DEFAULT_HEADER_CHARACTERS,
        Runtime.getRuntime().maxMemory(),
        DEFAULT_AXES,
        DEFAULT_ENTRIES,
        DEFAULT_DIRECTORY_BYTES,
        DEFAULT_EXPANDED_BYTES);
  }

  /** Returns these limits with another one for the characters of a header. */
  public Limits withHeaderCharacters(int most) {
    return new Limits(most, arrayBytes, axes, entries, directoryBytes, expandedBytes);
  }

  /** Returns these limits with another one for the bytes of an array in memory. */
  public Limits withArrayBytes(long most) {
    return new Limits(headerCharacters, most, axes, entries, directoryBytes, expandedBytes);
  }

  /** Returns these limits with another one for the axes of an array. */
  public Limits withAxes(int most) {
    return new Limits(headerCharacters, arrayBytes, most, entries, directoryBytes, expandedBytes);
  }

  /** Returns these limits with another one for the entries of an {@code .npz}. */
  public Limits withEntries(int most) {
    return new Limits(headerCharacters, arrayBytes, axes, most, directoryBytes, expandedBytes);
  }

  /** Returns these limits with another one for the directory of an {@code .npz}. */
  public Limits withDirectoryBytes(int most) {
    return new Limits(headerCharacters, arrayBytes, axes, entries, most, expandedBytes);
  }

  /** Returns these limits with another one for a deflated entry that is mapped. */
  public Limits withExpandedBytes(long most) {
    return new Limits(headerCharacters, arrayBytes, axes, entries, directoryBytes, most);
  }

  private static void requireNotNegative(String what, long limit) {
    if (limit < 0) {
      throw new IllegalArgumentException(
          "limit of " + what + ": expected at least 0 but got " + limit);
    }
  }
}
