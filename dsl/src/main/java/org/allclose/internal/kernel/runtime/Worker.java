package org.allclose.internal.kernel.runtime;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * A daemon thread that joins loops of {@link Parallel}, as long as there are any: it ends when it
 * has had nothing to do for a while, so that it does not keep the library's class loader alive, and
 * is started anew when there is.
 *
 * <p>Its slot is null when it is idle, holds a loop that has been offered to it, {@link #BUSY}, or
 * {@link #RETIRED} when there is no thread. The offer can be withdrawn until the helper has taken
 * it, so a caller that finishes alone does not wait for a helper that is still waking up.
 */
final class Worker {
  /** For how long a thread sleeps before it ends. */
  static final int IDLE_SECONDS = 2;

  private static final Object BUSY = new Object();
  private static final Object RETIRED = new Object();
  private static volatile Worker[] all = {};

  private final AtomicReference<Object> slot = new AtomicReference<>(RETIRED);
  private final int number;
  private volatile Thread thread;
  private volatile boolean sleeps;

  private Worker(int number) {
    this.number = number;
  }

  /** Returns a helper that nobody else knows. */
  static Worker numbered(int number) {
    return new Worker(number);
  }

  /** Returns all helpers, after adding some if there are fewer than {@code count}. */
  static Worker[] atLeast(int count) {
    Worker[] helpers = all;
    return helpers.length >= count ? helpers : add(count);
  }

  private static synchronized Worker[] add(int count) {
    Worker[] helpers = all;
    if (helpers.length < count) {
      Worker[] more = Arrays.copyOf(helpers, count);
      for (int i = helpers.length; i < count; i++) {
        more[i] = new Worker(i + 1);
      }
      all = more;
    }
    return all;
  }

  /** Offers a loop; returns false if this helper has something else to do. */
  boolean offer(Parallel.Loop loop) {
    Object found = slot.get();
    if (found == RETIRED) {
      return start(loop);
    }
    if (found != null || !slot.compareAndSet(null, loop)) {
      return false;
    }
    if (sleeps) {
      LockSupport.unpark(thread);
    }
    return true;
  }

  /** Starts a thread that finds the offer; where there is no room for one, there is no helper. */
  private boolean start(Parallel.Loop loop) {
    if (!slot.compareAndSet(RETIRED, BUSY)) {
      return false;
    }
    // Its thread locals and its context loader are its own, not those of who happens to call first.
    Thread started = new Thread(null, this::run, "allclose-helper-" + number, 0, false);
    started.setDaemon(true);
    started.setContextClassLoader(null);
    thread = started;
    slot.set(loop);
    try {
      started.start();
      return true;
    } catch (OutOfMemoryError e) {
      slot.set(RETIRED);
      return false;
    }
  }

  /** Takes an offer back; returns false if the helper has taken it. */
  boolean withdraw(Parallel.Loop loop) {
    return slot.compareAndSet(loop, null);
  }

  private void run() {
    for (Parallel.Loop loop = take(); loop != null; loop = take()) {
      loop.work();
      slot.set(null);
      loop.helperIsDone();
    }
  }

  /** Waits for an offer and takes it; returns null if there was none for long. */
  private Parallel.Loop take() {
    long since = System.nanoTime();
    while (true) {
      Object offered = slot.get();
      if (offered instanceof Parallel.Loop loop && slot.compareAndSet(offered, BUSY)) {
        return loop;
      }
      if (!Parallel.pause(since)) {
        sleeps = true;
        if (slot.get() == null) {
          LockSupport.parkNanos(this, TimeUnit.SECONDS.toNanos(IDLE_SECONDS));
        }
        sleeps = false;
        boolean isLong = System.nanoTime() - since > TimeUnit.SECONDS.toNanos(IDLE_SECONDS);
        if (isLong && slot.compareAndSet(null, RETIRED)) {
          return null;
        }
      }
    }
  }
}
