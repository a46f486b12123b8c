package org.allclose.internal.kernel.product;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * A panel and packing buffers, taken for the time of a product and given back.
 *
 * <p>There are about as many as products have been computed at the same time, not one for each
 * thread that ever computed one; at most {@link #KEPT} are kept.
 */
final class VectorWorkspace {
  private static final int KEPT = 64;
  private static final AtomicReferenceArray<VectorWorkspace> POOL =
      new AtomicReferenceArray<>(KEPT);
  private static final double[] EMPTY = {};

  private final VectorPanel panel = new VectorPanel();
  private double[] a = EMPTY;
  private double[] b = EMPTY;
  private double[] c = EMPTY;

  private VectorWorkspace() {}

  /** Returns a workspace that nobody else has until it is released. */
  static VectorWorkspace take() {
    int home = home();
    for (int i = 0; i < KEPT; i++) {
      int slot = (home + i) % KEPT;
      if (POOL.getPlain(slot) != null) {
        VectorWorkspace workspace = POOL.getAndSet(slot, null);
        if (workspace != null) {
          return workspace;
        }
      }
    }
    return new VectorWorkspace();
  }

  /** Gives this back. */
  void release() {
    int home = home();
    for (int i = 0; i < KEPT; i++) {
      if (POOL.compareAndSet((home + i) % KEPT, null, this)) {
        return;
      }
    }
  }

  // Threads start searching at different places, so that each tends to find the buffers that are
  // still in its cache.
  private static int home() {
    return (int) (Thread.currentThread().getId() * 7 % KEPT);
  }

  /** Returns what computes panels. */
  VectorPanel panel() {
    return panel;
  }

  /** Returns a buffer for a part of A, of unspecified contents. */
  double[] a(int size) {
    if (a.length < size) {
      a = new double[size];
    }
    return a;
  }

  /** Returns a buffer for a part of B, of unspecified contents. */
  double[] b(int size) {
    if (b.length < size) {
      b = new double[size];
    }
    return b;
  }

  /** Returns a buffer for a part of C, of unspecified contents. */
  double[] c(int size) {
    if (c.length < size) {
      c = new double[size];
    }
    return c;
  }
}
