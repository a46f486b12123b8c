package org.allclose.jnpy;

import java.io.Closeable;
import java.io.IOException;

/**
 * Reads an array part by part, from the first byte to the last, in little memory.
 *
 * <p>The parts are in the order of the file, which for an array in Fortran order is not that of its
 * indices.
 */
public final class NpyReader implements Closeable {
  private final ByteSource source;
  private final Closeable owned;
  private final NpyHeader header;
  private final Limits limits;
  private long position;
  private boolean finished;

  NpyReader(ByteSource source, Closeable owned, NpyHeader header, Limits limits) {
    this.source = source;
    this.owned = owned;
    this.header = header;
    this.limits = limits;
  }

  /** Returns the header. */
  public NpyHeader header() {
    return header;
  }

  /** Returns how many elements were read. */
  public long position() {
    return position;
  }

  /**
   * Reads the next elements of the file.
   *
   * <p>With the last of them, the checksum of an entry of an {@code .npz} is verified.
   *
   * @param most how many elements at most
   * @return an array of one axis; of none of them when all were read
   * @throws NpyException if the data end early or have another checksum
   */
  public NpyArray next(int most) throws IOException {
    if (most < 1) {
      throw new IllegalArgumentException(
          source.name() + ": expected to read at least 1 element but got " + most);
    }
    long count = Math.min(most, header.size() - position);
    DType dtype = header.dtype();
    Storage storage = DataReader.read(source, dtype, count * dtype.itemSize(), limits);
    position += count;
    if (position == header.size() && !finished) {
      source.finish();
      finished = true;
    }
    return NpyArray.of(NpyHeader.of(dtype, false, count), storage, source.name());
  }

  /** Closes what was opened for this reader; a stream that was given stays open. */
  @Override
  public void close() throws IOException {
    owned.close();
  }
}
