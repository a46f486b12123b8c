package org.allclose.internal.kernel.product;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.allclose.internal.kernel.runtime.VectorWidth;

/** Applies an {@link Epilogue} with the Vector API. */
final class VectorEpilogue {
  private static final VectorSpecies<Double> S = VectorWidth.SPECIES;
  private static final int VL = S.length();

  private VectorEpilogue() {}

  /** Applies the epilogue of a product to a part of C. */
  static void apply(Product q, int fromRow, int toRow, int fromColumn, int toColumn) {
    Epilogue epilogue = q.epilogue;
    if (epilogue.isNone()) {
      return;
    }
    int vectorEnd = fromColumn + S.loopBound(toColumn - fromColumn);
    for (int i = fromRow; i < toRow; i++) {
      int row = q.cOffset + i * q.ldc;
      if (epilogue.columnBias != null) {
        addColumnBias(q.c, row, fromColumn, vectorEnd, epilogue.columnBias, epilogue.columnOffset);
      }
      if (epilogue.rowBias != null) {
        add(q.c, row, fromColumn, vectorEnd, epilogue.rowBias[epilogue.rowOffset + i]);
      }
      if (epilogue.relu) {
        relu(q.c, row, fromColumn, vectorEnd);
      }
      for (int j = vectorEnd; j < toColumn; j++) {
        q.c[row + j] = epilogue.apply(q.c[row + j], i, j);
      }
    }
  }

  private static void addColumnBias(
      double[] c, int row, int from, int to, double[] bias, int offset) {
    for (int j = from; j < to; j += VL) {
      DoubleVector v = DoubleVector.fromArray(S, c, row + j);
      v.add(DoubleVector.fromArray(S, bias, offset + j)).intoArray(c, row + j);
    }
  }

  private static void add(double[] c, int row, int from, int to, double bias) {
    for (int j = from; j < to; j += VL) {
      DoubleVector.fromArray(S, c, row + j).add(bias).intoArray(c, row + j);
    }
  }

  private static void relu(double[] c, int row, int from, int to) {
    for (int j = from; j < to; j += VL) {
      DoubleVector v = DoubleVector.fromArray(S, c, row + j);
      DoubleVector positive = DoubleVector.zero(S).blend(1.0, v.compare(VectorOperators.GT, 0.0));
      v.mul(positive).intoArray(c, row + j);
    }
  }
}
