package org.allclose.internal.kernel.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Loops with helpers of their own: who joins, who waits, who sleeps. */
@Timeout(60)
class WorkerTest {
  private final Parallel.Loop loop = new Parallel.Loop();

  @Test
  void atLeast_moreThanThereAre_addsDaemonsWithTheNextNumbers() {
    Worker[] before = Worker.atLeast(0);
    Worker[] after = Worker.atLeast(before.length + 2);
    assertEquals(before.length + 2, after.length);
    assertArrayEquals(before, Arrays.copyOf(after, before.length));
    assertSame(after, Worker.atLeast(after.length));
    assertSame(after, Worker.atLeast(1));
    for (int i = before.length; i < after.length; i++) {
      String name = "allclose-helper-" + (i + 1);
      runWith(
          after[i],
          thread -> {
            assertEquals(name, thread.getName());
            assertTrue(thread.isDaemon());
            assertNull(thread.getContextClassLoader());
          });
    }
  }

  @Test
  void helper_withoutWork_ends_andIsStartedAnew() throws InterruptedException {
    Worker helper = Worker.numbered(0);
    AtomicReference<Thread> thread = new AtomicReference<>();
    runWith(helper, thread::set);
    Thread first = thread.get();
    first.join(TimeUnit.SECONDS.toMillis(10L * Worker.IDLE_SECONDS));
    assertFalse(first.isAlive());
    runWith(helper, thread::set);
    assertNotSame(first, thread.get());
  }

  @Test
  void offer_toAHelper_isTakenAgainAndAgain() {
    Worker helper = Worker.numbered(0);
    Set<Thread> helpers = ConcurrentHashMap.newKeySet();
    for (int round = 0; round < 5; round++) {
      runWith(helper, helpers::add);
      assertEquals(1, helpers.size());
    }
  }

  @Test
  void offer_toAHelperThatSleeps_wakesIt() throws InterruptedException {
    Worker helper = Worker.numbered(0);
    AtomicReference<Thread> thread = new AtomicReference<>();
    runWith(helper, thread::set);
    for (int round = 0; round < 3; round++) {
      while (thread.get().getState() != Thread.State.TIMED_WAITING) {
        TimeUnit.MILLISECONDS.sleep(1);
      }
      runWith(helper, thread::set);
    }
  }

  @Test
  void offer_toABusyHelper_isRefused() {
    Worker helper = Worker.numbered(0);
    Parallel.Loop other = new Parallel.Loop();
    runWith(
        helper,
        thread -> {
          assertFalse(helper.offer(other));
          assertFalse(helper.withdraw(other));
        });
  }

  @Test
  void run_withMoreHelpersThanWanted_asksAsManyAsWanted() {
    Worker[] helpers = {Worker.numbered(0), Worker.numbered(0), Worker.numbered(0)};
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    loop.run(
        8,
        i -> {
          threads.add(Thread.currentThread());
          sleep();
        },
        helpers,
        1);
    assertTrue(threads.size() <= 2, threads.toString());
  }

  @Test
  void run_withoutHelpers_isDoneByTheCaller() {
    AtomicInteger runs = new AtomicInteger();
    loop.run(5, i -> runs.incrementAndGet(), new Worker[0], 1);
    assertEquals(5, runs.get());
  }

  /** The helper looks at the caller, which is to sleep until the helper is done. */
  @Test
  void run_whoseHelperTakesLong_sleepsUntilItIsDone() {
    Worker helper = Worker.numbered(0);
    for (int round = 0; round < 3; round++) {
      Thread caller = Thread.currentThread();
      AtomicInteger done = new AtomicInteger();
      runWith(
          helper,
          thread -> {
            spinUntil(() -> caller.getState() == Thread.State.WAITING);
            done.incrementAndGet();
          });
      assertEquals(1, done.get());
    }
  }

  @Test
  void run_whoseTaskFails_waitsForHelpersAndSkipsTheRest() {
    Thread caller = Thread.currentThread();
    AtomicInteger begun = new AtomicInteger();
    AtomicInteger done = new AtomicInteger();
    Worker[] helpers = {Worker.numbered(0)};
    Exception e =
        assertThrows(
            IllegalStateException.class,
            () ->
                loop.run(
                    10,
                    i -> {
                      begun.incrementAndGet();
                      if (Thread.currentThread() == caller) {
                        spinUntil(() -> begun.get() == 2);
                        throw new IllegalStateException("broken");
                      }
                      // Not before the caller has failed, and waits.
                      spinUntil(() -> caller.getState() == Thread.State.WAITING);
                      done.incrementAndGet();
                    },
                    helpers,
                    1));
    assertEquals("broken", e.getMessage());
    assertEquals(2, begun.get());
    assertEquals(1, done.get());
  }

  @Test
  void pause_isForAMillisecond() {
    assertTrue(Parallel.pause(System.nanoTime()));
    assertFalse(Parallel.pause(System.nanoTime() - 1000L * Parallel.PATIENCE_MICROSECONDS));
    assertFalse(Parallel.pause(System.nanoTime() - TimeUnit.HOURS.toNanos(1)));
  }

  @Test
  void forRange_onOneThread_staysOnIt() {
    Thread caller = Thread.currentThread();
    Parallel.of(4).forRange(4, i -> sleep());
    AtomicInteger expected = new AtomicInteger();
    Parallel.serial()
        .forRange(
            8,
            i -> {
              assertSame(caller, Thread.currentThread());
              assertEquals(expected.getAndIncrement(), i);
              sleep();
            });
    assertEquals(8, expected.get());
  }

  @Test
  void ofDefault_isAllProcessorsUnlessSetOtherwise() {
    int processors = Math.min(Parallel.MAX_THREADS, Runtime.getRuntime().availableProcessors());
    assertEquals(
        Integer.getInteger(Parallel.THREADS_PROPERTY, processors), Parallel.ofDefault().threads());
  }

  /** Runs a task on the helper while the caller, which has one of its own, waits for its start. */
  private void runWith(Worker helper, Consumer<Thread> task) {
    Thread caller = Thread.currentThread();
    AtomicInteger begun = new AtomicInteger();
    loop.run(
        2,
        i -> {
          begun.incrementAndGet();
          spinUntil(() -> begun.get() == 2);
          if (Thread.currentThread() != caller) {
            task.accept(Thread.currentThread());
          }
        },
        new Worker[] {helper},
        1);
    assertEquals(2, begun.get());
  }

  /** Waits without sleeping, as others look at this thread's state. */
  private static void spinUntil(BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(30), "it never came");
      Thread.onSpinWait();
    }
  }

  private static void sleep() {
    try {
      TimeUnit.MILLISECONDS.sleep(5);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
