package org.allclose.jnpy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Where bytes come from in order: a file, a channel, a stream, or an entry being inflated.
 *
 * <p>A buffer to be filled comes from {@link #chunk}, or has an array.
 */
interface ByteSource {
  /** Returned by {@link #remaining} where nobody knows. */
  long UNKNOWN = Long.MAX_VALUE;

  /** Returns the name for messages. */
  String name();

  /**
   * Reads at least one byte into the target, unless it is full.
   *
   * @return the bytes read, or -1 at the end
   */
  int read(ByteBuffer target) throws IOException;

  /** Returns an upper bound of the bytes that are left, or {@link #UNKNOWN}. */
  long remaining();

  /** Returns a buffer of the kind that this source fills fastest. */
  default ByteBuffer chunk(int bytes) {
    return ByteBuffer.allocate(bytes);
  }

  /** Reads until the target is full or the bytes end, and returns how many were read. */
  default int fill(ByteBuffer target) throws IOException {
    int start = target.position();
    while (target.hasRemaining()) {
      // Sources may deliver less than was asked for, but not nothing again and again.
      int got = read(target);
      if (got == 0) {
        throw new IOException(name() + ": expected a source that waits for bytes but got none");
      }
      if (got < 0) {
        break;
      }
    }
    return target.position() - start;
  }

  /**
   * Hands over the next bytes, which count as read then, if they lie in a file as they are and need
   * not be read in order.
   */
  default Optional<FileRegion> take(long bytes) {
    return Optional.empty();
  }

  /** Checks, behind the last byte that is wanted, what can be checked there. */
  default void finish() throws IOException {}
}
