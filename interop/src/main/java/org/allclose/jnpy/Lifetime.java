package org.allclose.jnpy;

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
  private boolean closed;

  Lifetime(String source) {
    this.source = source;
  }

  /** Runs a copy while the memory is there. */
  void run(Runnable copy) {
    lock.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException(source + ": expected an open file, got a closed one");
      }
      copy.run();
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Runs the release once, when no copy is under way; later copies fail. */
  void end(Runnable release) {
    lock.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        release.run();
      }
    } finally {
      lock.writeLock().unlock();
    }
  }
}
