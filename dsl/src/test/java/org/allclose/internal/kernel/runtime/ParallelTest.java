package org.allclose.internal.kernel.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ParallelTest {
  @Test
  void of_fewerThanOneOrTooMany_throws() {
    String expected = "threads: expected 1 to 256 but got ";
    for (int threads : new int[] {-1, 0, 257}) {
      Exception e = assertThrows(IllegalArgumentException.class, () -> Parallel.of(threads));
      assertEquals(expected + threads, e.getMessage());
    }
    assertEquals(256, Parallel.of(256).threads());
    assertSame(Parallel.serial(), Parallel.of(1));
    assertEquals("1 thread", Parallel.serial().toString());
    assertEquals("4 threads", Parallel.of(4).toString());
  }

  @Test
  void forRange_runsEachIndexOnce() {
    for (int threads : new int[] {1, 2, 3, 8}) {
      for (int count : new int[] {0, 1, 2, 3, 7, 100}) {
        AtomicIntegerArray runs = new AtomicIntegerArray(count);
        Parallel.of(threads).forRange(count, runs::incrementAndGet);
        assertAllOnes(runs);
      }
    }
  }

  @Test
  void forRange_writesAreSeenByTheCaller() {
    double[] values = new double[64];
    for (int round = 1; round <= 2000; round++) {
      int current = round;
      Parallel.of(3).forRange(values.length, i -> values[i] += current);
      double expected = round * (round + 1) / 2.0;
      for (double value : values) {
        assertEquals(expected, value);
      }
    }
  }

  @Test
  void forRange_withHelpers_usesSeveralThreads() throws InterruptedException {
    // The indices wait for each other, so no thread can do them all.
    CountDownLatch all = new CountDownLatch(3);
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    Parallel.of(3)
        .forRange(
            3,
            i -> {
              threads.add(Thread.currentThread());
              all.countDown();
              await(all);
            });
    assertEquals(3, threads.size());
    assertTrue(threads.contains(Thread.currentThread()));
    threads.remove(Thread.currentThread());
    assertTrue(threads.stream().allMatch(Thread::isDaemon), "helpers are daemons");
  }

  @Test
  void forRange_inATask_runsEachIndexOnce() {
    AtomicIntegerArray runs = new AtomicIntegerArray(16 * 16);
    Parallel parallel = Parallel.of(4);
    parallel.forRange(16, i -> parallel.forRange(16, j -> runs.incrementAndGet(16 * i + j)));
    assertAllOnes(runs);
  }

  @Test
  void forRange_fromManyThreads_runsEachIndexOnce() throws Exception {
    ExecutorService callers = Executors.newFixedThreadPool(8);
    try {
      runManyLoops(callers);
    } finally {
      callers.shutdownNow();
      assertTrue(callers.awaitTermination(10, TimeUnit.SECONDS));
    }
  }

  @Test
  void forRange_inAForkJoinPool_runsEachIndexOnce() throws Exception {
    runManyLoops(ForkJoinPool.commonPool());
  }

  @Test
  void forRange_whoseTaskFails_throwsAndCanBeUsedAgain() {
    Parallel parallel = Parallel.of(3);
    for (int failing = 0; failing < 20; failing++) {
      int index = failing;
      AtomicInteger runs = new AtomicInteger();
      Exception e =
          assertThrows(
              IllegalStateException.class,
              () ->
                  parallel.forRange(
                      20,
                      i -> {
                        runs.incrementAndGet();
                        if (i == index) {
                          throw new IllegalStateException("index " + i);
                        }
                      }));
      assertEquals("index " + failing, e.getMessage());
      assertTrue(runs.get() <= 20);
      AtomicIntegerArray after = new AtomicIntegerArray(20);
      parallel.forRange(20, after::incrementAndGet);
      assertAllOnes(after);
    }
  }

  @Test
  void forRange_whoseTaskFailsWithAnError_throwsIt() {
    AssertionError error = new AssertionError("broken");
    AssertionError thrown =
        assertThrows(
            AssertionError.class,
            () ->
                Parallel.of(2)
                    .forRange(
                        5,
                        i -> {
                          throw error;
                        }));
    assertSame(error, thrown);
  }

  @Test
  void forRange_afterAPause_wakesHelpersThatSleep() throws InterruptedException {
    for (int round = 0; round < 5; round++) {
      TimeUnit.MILLISECONDS.sleep(20);
      CountDownLatch both = new CountDownLatch(2);
      Parallel.of(2)
          .forRange(
              2,
              i -> {
                both.countDown();
                await(both);
              });
      assertEquals(0, both.getCount());
    }
  }

  private static void runManyLoops(ExecutorService callers) throws Exception {
    List<Future<?>> futures = new ArrayList<>();
    for (int caller = 0; caller < 16; caller++) {
      futures.add(
          callers.submit(
              () -> {
                for (int round = 0; round < 300; round++) {
                  AtomicIntegerArray runs = new AtomicIntegerArray(10);
                  Parallel.of(4).forRange(10, runs::incrementAndGet);
                  assertAllOnes(runs);
                }
              }));
    }
    for (Future<?> future : futures) {
      future.get(50, TimeUnit.SECONDS);
    }
  }

  private static void assertAllOnes(AtomicIntegerArray runs) {
    for (int i = 0; i < runs.length(); i++) {
      assertEquals(1, runs.get(i), "runs of index " + i);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(30, TimeUnit.SECONDS), "no other thread came");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
