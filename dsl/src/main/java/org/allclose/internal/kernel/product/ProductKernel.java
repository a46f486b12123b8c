package org.allclose.internal.kernel.product;

/**
 * Computes matrix products with the bits of numpy's {@code dot}.
 *
 * <h2>The rule</h2>
 *
 * <p>The reference is numpy 2.4 with OpenBLAS 0.3.31, its Haswell kernels, one thread, for float64
 * operands that are C-ordered arrays or transposes of such arrays. Each element of the result has
 * an order of summation of its own, which depends on the shapes, on which operands are transposed,
 * and on the element's place; never on values, addresses, or how the work is divided. Below, fma(x,
 * y, z) is x·y + z rounded once, all other operations are rounded one by one, and m, n and k are
 * the rows and columns of the result and the number of terms.
 *
 * <ol>
 *   <li><b>No terms</b>, k = 0: all elements are 0.
 *   <li><b>Two matrices</b>, m ≥ 2 and n ≥ 2 (dgemm). The terms are cut into blocks: while 512 or
 *       more are left, 256; of 257 … 511, half (rounded down), rounded up to a multiple of 4; else
 *       all. In a block, a chain {@code s = fma(a, b, s)} starts from 0 and takes the terms in
 *       order. Each block's sum is added to the element, which starts as 0.
 *       <p>If m is odd, the elements of the <b>last row</b> in the columns j &lt; n - n % 4 are
 *       summed differently within a block: four chains take the terms p with p % 4 = 0, 1, 2, 3
 *       (counted from the block's start) of the first {@code length - length % 8} terms, the rest
 *       all go to chain 0, and the block's sum is (s0 + s1) + (s2 + s3).
 *   <li><b>A matrix and its own transpose</b>, A·Aᵀ or Aᵀ·A of one array, m ≥ 2 (dsyrk): as before,
 *       but 257 … 511 terms are halved rounding up, and the last row is like the others.
 *   <li><b>A vector and a matrix</b>, m = 1 or n = 1, not both, and k ≥ 2 (dgemv), where the
 *       <b>outputs</b> lie side by side in memory: row times matrix with B not transposed, matrix
 *       times column with A transposed. With N outputs, the first N - N % 4 are y = 0, then for
 *       each four terms {@code y = y + (fma(x2, a2, x0·a0) + fma(x3, a3, x1·a1))}, then for two
 *       terms {@code y = y + (x0·a0 + x1·a1)}, if there are two, then for one {@code y = y +
 *       x0·a0}. The last N % 4 are plain {@code y = y + x·a}, a rounded product each; only where N
 *       is 2 or 3, terms are first taken by twos, {@code y = y + (x0·a0 + x1·a1)}, up to k - k % 4.
 *   <li>The same where the <b>terms</b> lie side by side: row times transposed matrix, matrix times
 *       column. The first k - k % 4 terms are cut into pieces of 2048 (the last may be shorter);
 *       each piece is summed in chains from 0, and added to y, which starts as 0. The first N - N %
 *       4 outputs have four chains of fma, by p % 4, combined as (s0 + s2) + (s1 + s3). Of the
 *       remaining ones, if there are two or three, the first two have two chains with rounded
 *       products, by p % 2, combined as s0 + s1; a last one has four with rounded products,
 *       combined as before. Then the remaining terms, all at once: one is {@code y = fma(a0, x0,
 *       y)}, two are {@code y = y + fma(a0, x0, a1·x1)}, three are {@code y = y + fma(a2, x2,
 *       fma(a0, x0, a1·x1))}.
 *   <li><b>A row and a column</b>, m = n = 1 and k ≥ 2 (ddot). Sixteen chains of fma, by p % 16,
 *       over the first k - k % 16 terms; with u = s0 + s2, s4 + s6, s8 + s10, s12 + s14 and v = s1
 *       + s3, s5 + s7, s9 + s11, s13 + s15, they make ((u0 + u1) + (u2 + u3)) + ((v0 + v1) + (v2 +
 *       v3)). The other terms are added one by one with rounded products, and 0 last.
 *   <li><b>A number and a vector</b>, k = 1 and one of m and n is 1 (daxpy). All elements are 0 if
 *       the number is 0 (even times NaN). Otherwise, of N elements, the first N - N % 16 are fma(x,
 *       y, 0) and the others x·y + 0; they differ in the sign of a product that underflows to 0.
 *   <li><b>Two numbers</b>, m = n = k = 1: x·y, whose zero may be negative.
 * </ol>
 *
 * <p>In particular zeros of the result are positive except in the last two, and NaN and infinities
 * come from the operations themselves. The signs and payloads of NaN are not part of the rule.
 *
 * <p>Sources: numpy {@code cblasfuncs.c} (which routine is called); OpenBLAS {@code
 * driver/level3/level3.c}, {@code level3_syrk.c} (blocks of k) and its Haswell kernels {@code
 * dgemm_kernel_4x8_haswell.S}, {@code dgemv_n_4.c}, {@code dgemv_t_4.c}, {@code ddot.c}, {@code
 * daxpy.c}; where the compiler chooses what to fuse, the binary in numpy's wheel.
 */
public interface ProductKernel {
  /** Products are cut for several threads before rows that are multiples of this. */
  int ROW_ALIGNMENT = 8;

  /** Products are cut before columns that are multiples of this. */
  int COLUMN_ALIGNMENT = 8;

  /**
   * Computes rows {@code fromRow} to {@code toRow} and columns {@code fromColumn} to {@code
   * toColumn}, both exclusive, of a product.
   *
   * <p>Calls for other parts of C may run at the same time. A part starts at multiples of {@link
   * #ROW_ALIGNMENT} and {@link #COLUMN_ALIGNMENT}, ends at such or at the end of C, and has at
   * least as many rows and columns unless it has all.
   *
   * @param product what to multiply; its {@code c} is modified in that part and nowhere else
   */
  void multiply(Product product, int fromRow, int toRow, int fromColumn, int toColumn);
}
