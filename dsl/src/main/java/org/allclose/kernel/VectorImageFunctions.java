package org.allclose.kernel;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/** Loops over images on the Vector API. */
final class VectorImageFunctions implements ImageFunctions {
  private static final VectorSpecies<Double> S = VectorWidth.SPECIES;
  private static final int VL = S.length();

  private final ScalarImageFunctions scalar = new ScalarImageFunctions();

  @Override
  public void copyRuns(Runs runs, double[] from, int place, int stride, double[] to, int start) {
    if (stride != 1) {
      scalar.copyRuns(runs, from, place, stride, to, start);
      return;
    }
    for (int run = 0; run < runs.count; run++) {
      int source = place + runs.source[run];
      int target = start + runs.target[run];
      int n = runs.length[run];
      int i = 0;
      for (; i <= n - VL; i += VL) {
        DoubleVector.fromArray(S, from, source + i).intoArray(to, target + i);
      }
      for (; i < n; i++) {
        to[target + i] = from[source + i];
      }
    }
  }

  @Override
  public void addRuns(Runs runs, double[] from, int start, double[] to, int place, int stride) {
    if (stride != 1) {
      scalar.addRuns(runs, from, start, to, place, stride);
      return;
    }
    for (int run = 0; run < runs.count; run++) {
      int source = start + runs.target[run];
      int target = place + runs.source[run];
      int n = runs.length[run];
      int i = 0;
      for (; i <= n - VL; i += VL) {
        DoubleVector sum = DoubleVector.fromArray(S, to, target + i);
        sum.add(DoubleVector.fromArray(S, from, source + i)).intoArray(to, target + i);
      }
      for (; i < n; i++) {
        to[target + i] += from[source + i];
      }
    }
  }
}
