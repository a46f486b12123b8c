package org.allclose.random;

import org.apache.commons.math3.random.MersenneTwister;

public final class NumpyRandomState extends MersenneTwister {
  private static final long serialVersionUID = 1L;

  private NumpyRandomState(int seed) {
    super(seed);
  }

  public static NumpyRandomState seed(int seed) {
    return new NumpyRandomState(seed);
  }

  @Override
  public double nextDouble() {
    int high = nextInt() >>> 5;
    int low = nextInt() >>> 6;
    return (high * 67108864.0 + low) / 9007199254740992.0;
  }
}
