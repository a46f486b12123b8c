package org.allclose.jnpy;

import java.io.IOException;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.util.Locale;
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

  private static final int GROWING_SHIFT = 20;

  private DataReader() {}

  /** Reads so many bytes, a whole number of elements. */
  static Storage read(ByteSource source, DType dtype, long bytes, Limits limits)
      throws IOException {
    if (bytes > source.remaining()) {
      throw NpyHeader.endsEarly(source, "array data", bytes, source.remaining());
    }
    if (bytes > limits.arrayBytes()) {
      throw tooLarge(source.name(), limits.arrayBytes(), bytes);
    }
    Primitive unit = dtype.unit();
    long units = bytes / unit.bytes();
    try {
      if (bytes >= LongCopy.LEAST_BYTES && units <= StorageBuilder.LONGEST_ARRAY) {
        Optional<FileRegion> region = source.take(bytes);
        if (region.isPresent()) {
          return readRegion(region.get(), source, dtype, bytes);
        }
      }
      StorageBuilder storage =
          source.remaining() == ByteSource.UNKNOWN
              ? StorageBuilder.growing(unit, units, GROWING_SHIFT)
              : StorageBuilder.of(unit, units);
      ByteBuffer chunk = source.chunk((int) Math.min(bytes, CHUNK_BYTES)).order(dtype.byteOrder());
      for (long done = 0; done < bytes; done += chunk.limit()) {
        chunk.clear().limit((int) Math.min(bytes - done, chunk.capacity()));
        int got = source.fill(chunk);
        if (chunk.hasRemaining()) {
          throw NpyHeader.endsEarly(source, "array data", bytes, done + got);
        }
        storage.append(unit.view(chunk.flip()), chunk.limit() / unit.bytes());
      }
      return storage.build();
    } catch (OutOfMemoryError e) {
      throw outOfMemory(source.name(), bytes, e);
    }
  }

  private static Storage readRegion(FileRegion region, ByteSource source, DType dtype, long bytes)
      throws IOException {
    Primitive unit = dtype.unit();
    Object array = unit.newArray((int) (bytes / unit.bytes()));
    Buffer target = unit.wrap(array);
    LongCopy.run(
        bytes,
        dtype.byteOrder(),
        (from, chunk) -> {
          int got = region.fill(from, chunk);
          if (chunk.hasRemaining()) {
            throw NpyHeader.endsEarly(source, "array data", bytes, from + got);
          }
          int at = (int) (from / unit.bytes());
          unit.put(target, at, unit.view(chunk.flip()), 0, chunk.limit() / unit.bytes());
        });
    return Storage.wrap(unit, array);
  }

  static NpyException tooLarge(String source, long most, long bytes) {
    return new NpyException(
        NpyException.Reason.LIMIT,
        source,
        String.format(
            Locale.ROOT,
            "array data: expected at most %d bytes in memory but got %d",
            most,
            bytes));
  }

  static NpyException outOfMemory(String source, long bytes, OutOfMemoryError cause) {
    return new NpyException(
        NpyException.Reason.LIMIT,
        source,
        String.format(
            Locale.ROOT, "array data: expected %d bytes of free memory but got fewer", bytes),
        cause);
  }
}
