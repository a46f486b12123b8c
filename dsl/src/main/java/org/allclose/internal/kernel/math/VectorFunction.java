package org.allclose.internal.kernel.math;

import java.util.function.Supplier;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;
import org.allclose.internal.kernel.runtime.PerThread;
import org.allclose.internal.kernel.runtime.VectorWidth;

/**
 * A function of arrays in vectors: arguments go block by block through a few loops that leave what
 * they find in scratch space. Arguments that fill no vector go to the scalar function.
 *
 * <p>Each loop stands in a method of its own without vectors among its parameters: a vector that
 * crosses a call the JIT compiler did not inline is an object on the heap.
 *
 * @param <T> scratch space for a block
 */
abstract class VectorFunction<T> {
  static final VectorSpecies<Double> SPECIES = VectorWidth.SPECIES;
  static final int LANES = SPECIES.length();

  /** The most arguments of a block. */
  static final int BLOCK = 128;

  static final FunctionKernel SCALAR = new ScalarFunctionKernel();

  private final int least;
  private final PerThread<T> scratch;

  /**
   * @param least the number of arguments from which on blocks save more than they cost
   * @param maker makes scratch space
   */
  VectorFunction(int least, Supplier<T> maker) {
    this.least = least;
    scratch = new PerThread<>(maker);
  }

  /** Computes {@code y[i] = f(x[i])} for n elements. */
  final void apply(double[] x, int xOffset, double[] y, int yOffset, int n) {
    int end = n < least ? 0 : SPECIES.loopBound(n);
    if (end > 0) {
      T own = scratch.get();
      for (int start = 0; start < end; start += BLOCK) {
        block(x, xOffset + start, y, yOffset + start, Math.min(BLOCK, end - start), own);
      }
    }
    scalar(x, xOffset + end, y, yOffset + end, n - end);
  }

  /** Computes a block, of a multiple of {@link #LANES}. */
  abstract void block(double[] x, int xOffset, double[] y, int yOffset, int n, T scratch);

  /** Computes the same one by one. */
  abstract void scalar(double[] x, int xOffset, double[] y, int yOffset, int n);

  static DoubleVector broadcast(double value) {
    return DoubleVector.broadcast(SPECIES, value);
  }
}
