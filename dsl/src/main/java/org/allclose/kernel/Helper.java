package org.allclose.kernel;

import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * A daemon thread that joins loops of {@link Parallel}.
 *
 * <p>Its slot is null when it is idle, holds a loop that has been offered to it, or {@link #BUSY}.
 * The offer can be withdrawn until the helper has taken it, so a caller that finishes alone does
 * not wait for a helper that is still waking up.
 */
final class Helper {
  private static final Object BUSY = new Object();
  private static volatile Helper[] all = {};

  private final AtomicReference<Object> slot = new AtomicReference<>();
  private final Thread thread;
  private volatile boolean sleeps;

  private Helper(int number) {
    thread = new Thread(this::run, "allclose-helper-" + number);
    thread.setDaemon(true);
  }

  /** Returns a helper that has been started, which nobody else knows. */
  static Helper started(int number) {
    Helper helper = new Helper(number);
    helper.thread.start();
    return helper;
  }

  /** Returns all helpers, after starting some if there are fewer than {@code count}. */
  static Helper[] atLeast(int count) {
    Helper[] helpers = all;
    return helpers.length >= count ? helpers : start(count);
  }

  private static synchronized Helper[] start(int count) {
    Helper[] helpers = all;
    if (helpers.length < count) {
      Helper[] more = java.util.Arrays.copyOf(helpers, count);
      for (int i = helpers.length; i < count; i++) {
        more[i] = started(i + 1);
      }
      all = more;
    }
    return all;
  }

  /** Offers a loop; returns false if this helper has something else to do. */
  boolean offer(Parallel.Loop loop) {
    if (slot.get() != null || !slot.compareAndSet(null, loop)) {
      return false;
    }
    if (sleeps) {
      LockSupport.unpark(thread);
    }
    return true;
  }

  /** Takes an offer back; returns false if the helper has taken it. */
  boolean withdraw(Parallel.Loop loop) {
    return slot.compareAndSet(loop, null);
  }

  private void run() {
    while (true) {
      Parallel.Loop loop = take();
      loop.work();
      slot.set(null);
      loop.helperIsDone();
    }
  }

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
          LockSupport.park(this);
        }
        sleeps = false;
      }
    }
  }
}
