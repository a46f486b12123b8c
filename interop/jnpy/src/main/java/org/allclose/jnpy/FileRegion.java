package org.allclose.jnpy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * Bytes of a file that any thread may read, in any order.
 *
 * @param channel the file
 * @param start where in the file the first of them is
 */
record FileRegion(FileChannel channel, long start) {
  /** Reads until the target is full or the file ends, and returns how many bytes were read. */
  int fill(long from, ByteBuffer target) throws IOException {
    int first = target.position();
    int got = 0;
    while (target.hasRemaining() && got >= 0) {
      got = channel.read(target, start + from + target.position() - first);
    }
    return target.position() - first;
  }
}
