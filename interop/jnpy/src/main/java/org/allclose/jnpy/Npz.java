package org.allclose.jnpy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads and writes whole {@code .npz} files; {@link NpzFile} and {@link NpzWriter} do it entry by
 * entry.
 */
public final class Npz {
  private Npz() {}

  /**
   * Reads every array of a file, in the order of the file, and nothing else that lies in it, see
   * {@link NpzFile#arrayNames}.
   *
   * @throws NpyException if the file is damaged, or an array is not readable
   */
  public static Map<String, NpyArray> read(Path file) throws IOException {
    return read(file, ReadOptions.defaults());
  }

  /** As {@link #read(Path)}, with other options. */
  public static Map<String, NpyArray> read(Path file, ReadOptions options) throws IOException {
    try (NpzFile npz = NpzFile.open(file, options)) {
      Map<String, NpyArray> arrays = new LinkedHashMap<>();
      for (String name : npz.arrayNames()) {
        arrays.put(name, npz.read(name));
      }
      return arrays;
    } catch (OutOfMemoryError e) {
      throw new NpyException(
          NpyException.Reason.LIMIT,
          options.source().orElse(file.toString()),
          "expected free memory for its arrays but got too little",
          e);
    }
  }

  /** Writes arrays as numpy's {@code savez} does, in the map's order, to the byte. */
  public static void write(Path file, Map<String, NpyArray> arrays) throws IOException {
    write(file, arrays, Durability.FORCED);
  }

  /** As {@link #write(Path, Map)}, with the durability to choose. */
  public static void write(Path file, Map<String, NpyArray> arrays, Durability durability)
      throws IOException {
    try (NpzWriter writer = NpzWriter.create(file, durability)) {
      writeAll(writer, arrays);
    }
  }

  /** Writes arrays as numpy's {@code savez_compressed} does, in the map's order. */
  public static void writeDeflated(Path file, Map<String, NpyArray> arrays) throws IOException {
    writeDeflated(file, arrays, Durability.FORCED);
  }

  /** As {@link #writeDeflated(Path, Map)}, with the durability to choose. */
  public static void writeDeflated(Path file, Map<String, NpyArray> arrays, Durability durability)
      throws IOException {
    try (NpzWriter writer = NpzWriter.createDeflated(file, durability)) {
      writeAll(writer, arrays);
    }
  }

  private static void writeAll(NpzWriter writer, Map<String, NpyArray> arrays) throws IOException {
    for (Map.Entry<String, NpyArray> entry : arrays.entrySet()) {
      writer.write(entry.getKey(), entry.getValue());
    }
    writer.finish();
  }
}
