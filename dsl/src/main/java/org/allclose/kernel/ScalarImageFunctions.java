package org.allclose.kernel;

/** Plain loops over images. */
final class ScalarImageFunctions implements ImageFunctions {

  @Override
  public void copyRuns(Runs runs, double[] from, int place, int stride, double[] to, int start) {
    for (int run = 0; run < runs.count; run++) {
      int source = place + runs.source[run];
      int target = start + runs.target[run];
      int n = runs.length[run];
      if (stride == 1) {
        System.arraycopy(from, source, to, target, n);
      } else {
        for (int i = 0; i < n; i++) {
          to[target + i] = from[source + i * stride];
        }
      }
    }
  }

  @Override
  public void addRuns(Runs runs, double[] from, int start, double[] to, int place, int stride) {
    for (int run = 0; run < runs.count; run++) {
      int source = start + runs.target[run];
      int target = place + runs.source[run];
      int n = runs.length[run];
      if (stride == 1) {
        for (int i = 0; i < n; i++) {
          to[target + i] += from[source + i];
        }
      } else {
        for (int i = 0; i < n; i++) {
          to[target + i * stride] += from[source + i];
        }
      }
    }
  }
}
