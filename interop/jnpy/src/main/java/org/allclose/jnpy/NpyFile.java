package org.allclose.jnpy;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;

/**
 * An open, memory-mapped {@code .npy}: its array takes no heap, and pages are read as they are
 * touched.
 *
 * <p>Closing unmaps the file; from then on the array throws {@link IllegalStateException}. The file
 * must not be shortened while it is open: the memory behind its end is gone then, and touching it
 * is an {@link InternalError} of the JVM.
 */
public final class NpyFile implements Closeable {
  private final NpyHeader header;
  private final NpyArray array;
  private final Lifetime lifetime;
  private final Limits limits;
  private final Closeable owned;

  private NpyFile(
      NpyHeader header, NpyArray array, Lifetime lifetime, Limits limits, Closeable owned) {
    this.header = header;
    this.array = array;
    this.lifetime = lifetime;
    this.limits = limits;
    this.owned = owned;
  }

  /**
   * Maps an array, for which the channel is not needed further.
   *
   * @param data where in the file the data begin; they must be there
   * @param owned closed when the mapping is
   */
  static NpyFile map(
      FileChannel channel,
      long data,
      NpyHeader header,
      String source,
      Limits limits,
      Closeable owned)
      throws IOException {
    MemoryMap map = MemoryMap.create();
    Lifetime lifetime = new Lifetime(source, map);
    try {
      Storage storage = map.map(channel, data, header.dtype(), header.dataBytes(), lifetime);
      NpyArray array = NpyArray.of(header, storage, source);
      return new NpyFile(header, array, lifetime, limits, owned);
    } catch (IOException | RuntimeException | Error e) {
      lifetime.end();
      throw e;
    }
  }

  /** Returns the header. */
  public NpyHeader header() {
    return header;
  }

  /** Returns the array, which lasts until the file is closed. */
  public NpyArray array() {
    return array;
  }

  /**
   * Reads rows of the first axis into memory; they stay when the file is closed.
   *
   * @param from the first row
   * @param to the row after the last
   * @throws IndexOutOfBoundsException if there are no such rows, or no axes
   * @throws NpyException if they are more than the limits or the memory allow
   */
  public NpyArray readRange(long from, long to) throws IOException {
    NpyArray rows = array.rows(from, to);
    long bytes = rows.size() * rows.dtype().itemSize();
    if (bytes > limits.arrayBytes()) {
      throw DataReader.tooLarge(array.source(), limits.arrayBytes(), bytes);
    }
    try {
      return rows.copy();
    } catch (OutOfMemoryError e) {
      throw DataReader.outOfMemory(array.source(), bytes, e);
    }
  }

  /** Unmaps the file. Waits for copies that are under way. */
  @Override
  public void close() throws IOException {
    lifetime.end();
    owned.close();
  }

  /** Returns file, dtype, shape and order. */
  @Override
  public String toString() {
    return array.source() + " " + array;
  }
}
