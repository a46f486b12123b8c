package org.allclose.jnpy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

/**
 * Copies long data from a file into memory, piece by piece on a few threads.
 *
 * <p>A Java array takes two copies, from the file into a buffer and from there into the array,
 * where C takes one; a second core makes up for that. Writing gains nothing from it: a file takes
 * one write at a time.
 */
final class LongCopy {
  /** Below this length the other threads would start too late to be of use. */
  static final long LEAST_BYTES = 4 << 20;

  /** More threads would wait for the memory. */
  private static final int MOST_THREADS = 4;

  private LongCopy() {}

  /** Copies one piece. */
  interface Piece {
    /**
     * Copies so many bytes.
     *
     * @param from the first byte, counted from the first of all
     * @param chunk an empty buffer of exactly that length, in the byte order of the data
     */
    void copy(long from, ByteBuffer chunk) throws IOException;
  }

  /**
   * Copies all pieces, in any order, on the common pool and the thread that calls.
   *
   * @param bytes the length; a whole number of elements, as each piece is
   * @throws IOException what the first piece that failed has thrown
   */
  static void run(long bytes, ByteOrder order, Piece piece) throws IOException {
    AtomicLong next = new AtomicLong();
    AtomicReference<Throwable> failure = new AtomicReference<>();
    int threads = Math.min(Runtime.getRuntime().availableProcessors(), MOST_THREADS);
    IntStream.range(0, threads)
        .parallel()
        .forEach(
            thread -> {
              try {
                work(bytes, order, piece, next);
              } catch (IOException | RuntimeException | Error e) {
                failure.compareAndSet(null, e);
                // Nobody starts another piece.
                next.set(bytes);
              }
            });
    rethrow(failure.get());
  }

  private static void work(long bytes, ByteOrder order, Piece piece, AtomicLong next)
      throws IOException {
    ByteBuffer chunk = ByteBuffer.allocateDirect(DataReader.CHUNK_BYTES).order(order);
    for (long from = take(next); from < bytes; from = take(next)) {
      piece.copy(from, chunk.clear().limit((int) Math.min(bytes - from, chunk.capacity())));
    }
  }

  private static long take(AtomicLong next) {
    return next.getAndAdd(DataReader.CHUNK_BYTES);
  }

  private static void rethrow(Throwable failure) throws IOException {
    if (failure instanceof IOException e) {
      throw e;
    }
    if (failure instanceof RuntimeException e) {
      throw e;
    }
    if (failure instanceof Error e) {
      throw e;
    }
  }
}
