package org.allclose.jnpy;

import java.util.Locale;

/**
 * What the directory of an {@code .npz} says of one entry.
 *
 * <p>The name is a key, and never a path: nothing is ever created under it.
 */
public final class NpzEntry {
  static final int STORED = 0;
  static final int DEFLATED = 8;

  private static final String SUFFIX = ".npy";
  private static final String OF_MACOS = "__MACOSX/";

  private final String name;
  private final String fileName;
  private final byte[] rawName;
  private final int flags;
  private final int method;
  private final long crc;
  private final long size;
  private final long compressedSize;
  private final long offset;
  private final long end;

  NpzEntry(
      String fileName,
      byte[] rawName,
      int flags,
      int method,
      long crc,
      long size,
      long compressedSize,
      long offset,
      long end) {
    this(key(fileName), fileName, rawName, flags, method, crc, size, compressedSize, offset, end);
  }

  private NpzEntry(
      String name,
      String fileName,
      byte[] rawName,
      int flags,
      int method,
      long crc,
      long size,
      long compressedSize,
      long offset,
      long end) {
    this.name = name;
    this.fileName = fileName;
    this.rawName = rawName;
    this.flags = flags;
    this.method = method;
    this.crc = crc;
    this.size = size;
    this.compressedSize = compressedSize;
    this.offset = offset;
    this.end = end;
  }

  /** Returns this entry with the numbers that are known once its data are written. */
  NpzEntry withData(long newCrc, long newSize, long newCompressedSize) {
    return new NpzEntry(
        name, fileName, rawName, flags, method, newCrc, newSize, newCompressedSize, offset, end);
  }

  /** Returns this entry with the place that it must end before. */
  NpzEntry withEnd(long newEnd) {
    return new NpzEntry(
        name, fileName, rawName, flags, method, crc, size, compressedSize, offset, newEnd);
  }

  /** Returns this entry with another key. */
  NpzEntry withName(String newName) {
    return new NpzEntry(
        newName, fileName, rawName, flags, method, crc, size, compressedSize, offset, end);
  }

  /**
   * Returns the key: the name in the zip without one {@code .npy} at its end; the whole name if
   * that would be the name of another entry.
   */
  public String name() {
    return name;
  }

  /** Returns the name in the zip. */
  public String fileName() {
    return fileName;
  }

  /** Returns the bytes of the entry when expanded, header and data, as the directory tells. */
  public long size() {
    return size;
  }

  /** Returns the bytes that the entry takes in the file, as the directory tells. */
  public long compressedSize() {
    return compressedSize;
  }

  /** Returns whether the entry is deflated instead of stored. */
  public boolean isDeflated() {
    return method == DEFLATED;
  }

  /**
   * Returns whether its name says that the entry is an array: it ends in {@code .npy}, and is none
   * of those that macOS adds for its own files.
   */
  boolean isNamedAsArray() {
    return fileName.endsWith(SUFFIX) && !fileName.startsWith(OF_MACOS);
  }

  static String key(String fileName) {
    return fileName.endsWith(SUFFIX)
        ? fileName.substring(0, fileName.length() - SUFFIX.length())
        : fileName;
  }

  static String fileName(String key) {
    return key + SUFFIX;
  }

  byte[] rawName() {
    return rawName;
  }

  int flags() {
    return flags;
  }

  int method() {
    return method;
  }

  long crc() {
    return crc;
  }

  /** Returns where in the file the local header of the entry begins. */
  long offset() {
    return offset;
  }

  /** Returns where the next entry or the directory begins: nothing of this one lies behind. */
  long end() {
    return end;
  }

  /** Returns name, sizes and method: {@code fc1/W.npy, 51328 bytes, stored in 51328}. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%s, %d bytes, %s in %d",
        fileName,
        size,
        isDeflated() ? "deflated" : "stored",
        compressedSize);
  }
}
