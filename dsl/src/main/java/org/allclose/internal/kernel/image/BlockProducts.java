package org.allclose.internal.kernel.image;

import java.util.Arrays;
import org.allclose.internal.kernel.product.MatrixProduct;

/**
 * The products of a convolution's blocks. Blocks have few different lengths, and their rows few
 * different strides: each is planned when it first comes. Threads can share an instance.
 */
final class BlockProducts {

  /** Plans the product of a block. */
  @FunctionalInterface
  interface Planner {
    /**
     * @param length columns or terms of the block
     * @param stride elements from a row to the next of the array that is not always a buffer
     */
    MatrixProduct plan(int length, int stride);
  }

  private record Planned(int length, int stride, MatrixProduct product) {}

  private final Planner planner;
  private volatile Planned[] planned = {};

  BlockProducts(Planner planner) {
    this.planner = planner;
  }

  /** Returns the product of a block. */
  MatrixProduct get(int length, int stride) {
    for (Planned p : planned) {
      if (p.length == length && p.stride == stride) {
        return p.product;
      }
    }
    return add(length, stride);
  }

  private synchronized MatrixProduct add(int length, int stride) {
    MatrixProduct product = planner.plan(length, stride);
    Planned[] more = Arrays.copyOf(planned, planned.length + 1);
    more[planned.length] = new Planned(length, stride, product);
    planned = more;
    return product;
  }
}
