package org.allclose.internal.kernel.product;

import java.util.Arrays;
import org.allclose.internal.kernel.runtime.VectorWidth;

/**
 * Products of a vector and a matrix whose outputs lie side by side, with the Vector API.
 *
 * <p>If the matrix is small, some outputs at a time are kept in registers, from the first term to
 * the last. If it is large, memory is read row by row, four or eight rows at the same time, and the
 * outputs come and go between the first-level cache and registers.
 */
final class VectorAlongOutputs {
  private static final int VL = VectorWidth.SPECIES.length();

  /** Elements of a small matrix. */
  private static final int SMALL = 8192;

  private VectorAlongOutputs() {}

  /** Computes outputs {@code from} to {@code to}. */
  static void multiply(Product q, int from, int to) {
    int grouped = q.outputs() - q.outputs() % 4;
    int end = Math.min(to, grouped);
    int stride = q.outputStride();
    if (end - from < VL) {
      for (int j = from; j < end; j++) {
        q.c[q.cOffset + j * stride] = ScalarAlongOutputs.grouped(q, j);
      }
    } else if (stride == 1) {
      grouped(q, from, end - from, q.c, q.cOffset + from);
    } else {
      VectorWorkspace workspace = VectorWorkspace.take();
      double[] y = workspace.c(end - from);
      grouped(q, from, end - from, y, 0);
      for (int j = from; j < end; j++) {
        q.c[q.cOffset + j * stride] = y[j - from];
      }
      workspace.release();
    }
    for (int j = Math.max(from, grouped); j < to; j++) {
      q.c[q.cOffset + j * stride] = ScalarAlongOutputs.single(q, j);
    }
  }

  /** Computes outputs that are grouped by four; {@code count} is a multiple of 4. */
  private static void grouped(Product q, int from, int count, double[] y, int yi) {
    if ((long) q.k * count <= SMALL) {
      inRegisters(q, from, count, y, yi);
    } else {
      rowByRow(q, from, count, y, yi);
    }
    ScalarAlongOutputs.lastTerms(q, from, count, y, yi);
  }

  private static void inRegisters(Product q, int from, int count, double[] y, int yi) {
    int j = 0;
    for (; j + 4 * VL <= count; j += 4 * VL) {
      VectorOutputTiles.inRegisters4(q, from + j, y, yi + j);
    }
    for (; j + VL <= count; j += VL) {
      VectorOutputTiles.inRegisters1(q, from + j, y, yi + j);
    }
    if (j < count) {
      lastVector(q, from, count, y, yi);
    }
  }

  private static void rowByRow(Product q, int from, int count, double[] y, int yi) {
    int whole = count - count % VL;
    Arrays.fill(y, yi, yi + whole, 0.0);
    int next = VectorOutputTiles.terms8(q, 0, from, y, yi, whole);
    VectorOutputTiles.terms4(q, next, from, y, yi, whole);
    if (whole < count) {
      lastVector(q, from, count, y, yi);
    }
  }

  /** Computes the last outputs, some of them again. */
  private static void lastVector(Product q, int from, int count, double[] y, int yi) {
    int j = count - VL;
    VectorOutputTiles.inRegisters1(q, from + j, y, yi + j);
  }
}
