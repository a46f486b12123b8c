package org.allclose.jnpy;

import java.io.UncheckedIOException;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Keeps a mapping from being unmapped while somebody copies from it.
 *
 * <p>Memory that is touched after it was unmapped ends the process, so every copy is made under the
 * shared lock and unmapping waits for the exclusive one.
 */
final class Lifetime {
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private final String source;
  private final MemoryMap map;
  private boolean closed;
  private boolean handedOut;

  Lifetime(String source, MemoryMap map) {
    this.source = source;
    this.map = map;
  }

  /**
   * Runs a copy while the memory is there.
   *
   * @throws UncheckedIOException if somebody has cut the file short: then the JVM has an {@link
   *     InternalError} for memory that is not there any more
   */
  void run(Runnable copy) {
    lock.readLock().lock();
    try {
      requireOpen();
      copy.run();
    } catch (InternalError e) {
      throw new UncheckedIOException(
          new NpyException(
              NpyException.Reason.TRUNCATED,
              source,
              "array data: expected the file as it was when it was mapped but got a shorter one",
              e));
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Notes that somebody has a buffer of the memory, and may touch it whenever it likes. */
  void handOut() {
    lock.writeLock().lock();
    try {
      requireOpen();
      handedOut = true;
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** Unmaps, once no copy is under way; later copies fail. */
  void end() {
    lock.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        if (map.isSafe() || !handedOut) {
          map.unmap();
        }
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException(source + ": expected an open file but got a closed one");
    }
  }
}
