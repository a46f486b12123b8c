package org.allclose.internal.kernel.runtime;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * How many threads a kernel may use, and the loop that uses them.
 *
 * <p>The calling thread always works; idle helper threads join it. Helpers are daemons shared by
 * the whole JVM and are never waited for before they have begun, so a call cannot deadlock, whether
 * it comes from a {@link java.util.concurrent.ForkJoinPool}, from many threads at once, or from
 * within another loop: at worst the caller does everything itself. Loops often come in quick
 * succession, and a processor that has slept is slow for a while; so a helper that has run out of
 * work looks for more before it sleeps, for {@value #PATIENCE_MICROSECONDS} µs, and soon lets
 * others have the processor meanwhile. Instances are immutable.
 *
 * <p>Nothing that is computed depends on the number of threads.
 */
public final class Parallel {
  /** The system property that sets the default number of threads. */
  public static final String THREADS_PROPERTY = "allclose.threads";

  /** The most threads one loop may use. */
  public static final int MAX_THREADS = 256;

  /** How long a thread waits before it sleeps. */
  static final int PATIENCE_MICROSECONDS = 1000;

  /** How long of that it keeps the processor to itself. */
  private static final int SPIN_MICROSECONDS = 50;

  private static final Parallel SERIAL = new Parallel(1);
  private static final Parallel DEFAULT = of(defaultThreads());
  private static final PerThread<Loop> LOOP = new PerThread<>(Loop::new);

  private final int threads;

  private Parallel(int threads) {
    this.threads = threads;
  }

  /**
   * Returns a limit of {@code threads}, the caller included.
   *
   * @throws IllegalArgumentException if that is not 1 to {@link #MAX_THREADS}
   */
  public static Parallel of(int threads) {
    if (threads < 1 || threads > MAX_THREADS) {
      throw new IllegalArgumentException(
          "threads: expected 1 to " + MAX_THREADS + " but got " + threads);
    }
    return threads == 1 ? SERIAL : new Parallel(threads);
  }

  /** Returns a limit of one thread: the caller alone. */
  public static Parallel serial() {
    return SERIAL;
  }

  /** Returns the limit in {@value #THREADS_PROPERTY}, or else of the available processors. */
  public static Parallel ofDefault() {
    return DEFAULT;
  }

  /** Returns the number of threads, the caller included. */
  public int threads() {
    return threads;
  }

  /**
   * Runs a task for each index from 0 to {@code count}, exclusive, in any order, and returns when
   * all are done. If a task fails, indices not begun are skipped and its exception is thrown here.
   *
   * @param count how often to run the task
   * @param task must not depend on the order or the thread
   */
  public void forRange(int count, Task task) {
    int helpers = Math.min(threads, count) - 1;
    if (helpers < 1) {
      for (int i = 0; i < count; i++) {
        task.run(i);
      }
      return;
    }
    Loop loop = LOOP.get();
    if (loop.inUse) {
      loop = new Loop();
    }
    loop.run(count, task, Worker.atLeast(helpers), helpers);
  }

  @Override
  public String toString() {
    return threads == 1 ? "1 thread" : threads + " threads";
  }

  /** Waits for a moment, unless it has been too long since the given time: then returns false. */
  @SuppressWarnings("ThreadPriorityCheck") // Others may go first: correctness does not need it.
  static boolean pause(long since) {
    long waited = (System.nanoTime() - since) / 1000;
    if (waited < SPIN_MICROSECONDS) {
      Thread.onSpinWait();
    } else if (waited < PATIENCE_MICROSECONDS) {
      Thread.yield();
    } else {
      return false;
    }
    return true;
  }

  private static int defaultThreads() {
    int processors = Runtime.getRuntime().availableProcessors();
    String wanted = System.getProperty(THREADS_PROPERTY);
    if (wanted == null) {
      return Math.min(processors, MAX_THREADS);
    }
    if (!wanted.matches("[1-9][0-9]{0,2}") || Integer.parseInt(wanted) > MAX_THREADS) {
      throw new IllegalArgumentException(
          THREADS_PROPERTY + ": expected 1 to " + MAX_THREADS + " but got " + wanted);
    }
    return Integer.parseInt(wanted);
  }

  /** What a loop runs. */
  @FunctionalInterface
  public interface Task {
    /** Does the part of the work with this index. */
    void run(int index);
  }

  /** A loop under way. Belongs to the thread that called, which reuses it. */
  static final class Loop {
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger finished = new AtomicInteger();
    private Worker[] asked = new Worker[8];
    private boolean inUse;
    private int count;
    private Task task;
    private Thread caller;
    private volatile boolean callerSleeps;
    private volatile Throwable failure;

    /** Runs a task {@code count} times, with at most {@code helpers} of those given. */
    void run(int count, Task task, Worker[] all, int helpers) {
      inUse = true;
      this.count = count;
      this.task = task;
      caller = Thread.currentThread();
      finished.set(0);
      next.set(0);
      int offered = offer(all, helpers);
      try {
        work();
      } finally {
        await(offered);
        this.task = null;
        caller = null;
        inUse = false;
      }
      Throwable thrown = failure;
      if (thrown != null) {
        failure = null;
        rethrow(thrown);
      }
    }

    /** Runs indices until there are no more. Never throws. */
    void work() {
      Task mine = task;
      int end = count;
      try {
        for (int i = next.getAndIncrement(); i < end; i = next.getAndIncrement()) {
          mine.run(i);
        }
      } catch (Throwable e) {
        failure = e;
        next.set(end);
      }
    }

    /** Called by a helper when it has worked on this loop. */
    void helperIsDone() {
      Thread waiting = caller;
      finished.incrementAndGet();
      if (callerSleeps) {
        LockSupport.unpark(waiting);
      }
    }

    private int offer(Worker[] all, int helpers) {
      if (asked.length < helpers) {
        asked = new Worker[helpers];
      }
      int offered = 0;
      for (int i = 0; i < all.length && offered < helpers; i++) {
        if (all[i].offer(this)) {
          asked[offered++] = all[i];
        }
      }
      return offered;
    }

    private void await(int offered) {
      int begun = 0;
      for (int i = 0; i < offered; i++) {
        if (!asked[i].withdraw(this)) {
          begun++;
        }
        asked[i] = null;
      }
      if (begun == 0) {
        return;
      }
      long since = System.nanoTime();
      while (finished.get() < begun) {
        if (!pause(since)) {
          callerSleeps = true;
          if (finished.get() < begun) {
            LockSupport.park(this);
          }
        }
      }
      callerSleeps = false;
    }

    private static void rethrow(Throwable thrown) {
      if (thrown instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) thrown;
    }
  }
}
