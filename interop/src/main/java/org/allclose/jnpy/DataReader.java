package org.allclose.jnpy;

import java.io.IOException;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads the data of an array into heap arrays.
 *
 * <p>Nothing is allocated for bytes that the source cannot have. Where it does not know how many it
 * has, memory grows with what arrives.
 */
final class DataReader {
  /** Bytes moved at a time: they stay in a core's cache between the two copies. */
  static final int CHUNK_BYTES = 256 << 10;

  /** The longest array that every JVM allocates. */
  private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 8;

  private static final int LONG_SEGMENT = 27;
  private static final int SHORT_SEGMENT = 20;

  private DataReader() {}

  /** Reads the whole data that the header declares. */
  static Storage read(ByteSource source, NpyHeader header, Limits limits) throws IOException {
    long bytes = header.dataBytes();
    if (bytes > limits.arrayBytes()) {
      throw new NpyException(
          NpyException.Reason.LIMIT,
          source.name(),
          "array data: expected at most %d bytes in memory, got %d"
              .formatted(limits.arrayBytes(), bytes));
    }
    return read(source, header.dtype(), bytes);
  }

  /** Reads so many bytes, a whole number of elements. */
  static Storage read(ByteSource source, DType dtype, long bytes) throws IOException {
    if (bytes > source.remaining()) {
      throw NpyHeader.endsEarly(source, "array data", bytes, source.remaining());
    }
    Unit unit = dtype.unit();
    long units = bytes / unit.bytes();
    int shift = Storage.WHOLE;
    if (source.remaining() == ByteSource.UNKNOWN && units > 1L << SHORT_SEGMENT) {
      shift = SHORT_SEGMENT;
    } else if (units > LONGEST_ARRAY) {
      shift = LONG_SEGMENT;
    }
    try {
      ByteBuffer chunk = source.chunk((int) Math.min(bytes, CHUNK_BYTES)).order(dtype.byteOrder());
      List<Buffer> segments = new ArrayList<>();
      long done = 0;
      while (done < units) {
        int length = (int) Math.min(units - done, 1L << shift);
        Buffer segment = unit.wrap(unit.newArray(length));
        fill(source, unit, segment, chunk, done * unit.bytes(), bytes);
        segments.add(segment);
        done += length;
      }
      return new Storage(unit, segments.toArray(new Buffer[0]), shift, Optional.empty());
    } catch (OutOfMemoryError e) {
      throw new NpyException(
          NpyException.Reason.LIMIT,
          source.name(),
          "array data: expected %d bytes of free memory, got less".formatted(bytes),
          e);
    }
  }

  private static void fill(
      ByteSource source, Unit unit, Buffer segment, ByteBuffer chunk, long before, long expected)
      throws IOException {
    int at = 0;
    while (at < segment.limit()) {
      int count = Math.min(chunk.capacity() / unit.bytes(), segment.limit() - at);
      chunk.clear().limit(count * unit.bytes());
      int got = source.fill(chunk);
      if (chunk.hasRemaining()) {
        long earlier = before + (long) at * unit.bytes();
        throw NpyHeader.endsEarly(source, "array data", expected, earlier + got);
      }
      unit.put(segment, at, unit.view(chunk.flip()), 0, count);
      at += count;
    }
  }
}
