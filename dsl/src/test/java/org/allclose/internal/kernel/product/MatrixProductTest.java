package org.allclose.internal.kernel.product;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.allclose.internal.kernel.runtime.Parallel;
import org.junit.jupiter.api.Test;

/** How products are shared among threads: every element once, in parts worth a thread's while. */
class MatrixProductTest {

  /** A part of C that a kernel was given. */
  private record Part(int fromRow, int toRow, int fromColumn, int toColumn) {
    int size() {
      return (toRow - fromRow) * (toColumn - fromColumn);
    }
  }

  /** Keeps what it is given, and computes nothing. */
  private static final class Recorder implements ProductKernel {
    final List<Part> parts = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void multiply(Product q, int fromRow, int toRow, int fromColumn, int toColumn) {
      parts.add(new Part(fromRow, toRow, fromColumn, toColumn));
    }
  }

  @Test
  void run_onOneThread_isOnePart() {
    assertEquals(List.of(new Part(0, 1024, 0, 1024)), parts(1024, 1024, 1024, 1));
  }

  @Test
  void run_ofASmallProduct_isOnePart() {
    assertEquals(List.of(new Part(0, 99, 0, 100)), parts(99, 100, 100, 2));
    assertEquals(List.of(new Part(0, 100, 0, 10)), parts(100, 10, 100, 4));
  }

  @Test
  void run_ofAVectorInTheCache_isOnePart() {
    assertEquals(List.of(new Part(0, 1, 0, 128)), parts(1, 128, 784, 2));
    assertEquals(List.of(new Part(0, 128, 0, 1)), parts(128, 1, 784, 2));
  }

  @Test
  void run_ofALargeVectorProduct_isAPartForEachThread() {
    assertEquals(List.of(new Part(0, 1, 0, 256), new Part(0, 1, 256, 512)), parts(1, 512, 1024, 2));
    assertEquals(List.of(new Part(0, 256, 0, 1), new Part(256, 512, 0, 1)), parts(512, 1, 1024, 2));
  }

  @Test
  void run_ofASquare_isCutBetweenRowsAndThenIntoSquares() {
    assertEquals(
        List.of(new Part(0, 256, 0, 512), new Part(256, 512, 0, 512)), parts(512, 512, 512, 2));
    assertEquals(
        List.of(
            new Part(0, 256, 0, 256),
            new Part(0, 256, 256, 512),
            new Part(256, 512, 0, 256),
            new Part(256, 512, 256, 512)),
        parts(512, 512, 512, 4));
  }

  @Test
  void run_ofATallOrWideProduct_isCutAcross() {
    assertEquals(
        List.of(new Part(0, 1536, 0, 100), new Part(1536, 3072, 0, 100)), parts(3072, 100, 100, 2));
    assertEquals(
        List.of(new Part(0, 100, 0, 1536), new Part(0, 100, 1536, 3072)), parts(100, 3072, 100, 2));
  }

  @Test
  void run_ofALittleMoreThanASmallProduct_usesAsManyThreadsAsItIsWorth() {
    // 2 million operations are worth 2 threads, 3.5 million 3.
    assertEquals(2, parts(100, 100, 100, 16).size());
    assertEquals(3, parts(120, 120, 122, 16).size());
  }

  @Test
  void run_ofAnyShape_coversEachElementOnceInAlignedParts() {
    int[][] shapes = {{2, 100_000, 40}, {100_000, 3, 40}, {7, 7, 100_000}, {67, 1001, 129}};
    for (int[] shape : shapes) {
      for (int threads : new int[] {2, 3, 5, 8}) {
        List<Part> parts = parts(shape[0], shape[1], shape[2], threads);
        assertTrue(parts.size() <= threads, parts.toString());
        assertEquals(shape[0] * shape[1], parts.stream().mapToInt(Part::size).sum());
        for (Part part : parts) {
          assertEquals(0, part.fromRow % ProductKernel.ROW_ALIGNMENT, part.toString());
          assertEquals(0, part.fromColumn % ProductKernel.COLUMN_ALIGNMENT, part.toString());
          assertTrue(part.size() > 0, part.toString());
        }
      }
    }
  }

  @Test
  void kernels_haveNames() {
    assertEquals("reference", new ReferenceProductKernel().toString());
    assertEquals("scalar", new ScalarProductKernel().toString());
  }

  /** Returns the parts of a product of m rows, n columns and k terms, in order. */
  private static List<Part> parts(int m, int n, int k, int threads) {
    double[] none = {};
    Parallel parallel = Parallel.of(threads);
    MatrixProduct plan = MatrixProduct.builder(m, n, k).parallel(parallel).build();
    MatrixProduct.Call call = new MatrixProduct.Call();
    call.product.set(plan, none, 0, none, 1, none, 0);
    Recorder recorder = new Recorder();
    call.run(recorder, parallel, plan.partition());
    return recorder.parts.stream()
        .sorted(
            (p, q) -> p.fromRow != q.fromRow ? p.fromRow - q.fromRow : p.fromColumn - q.fromColumn)
        .toList();
  }
}
