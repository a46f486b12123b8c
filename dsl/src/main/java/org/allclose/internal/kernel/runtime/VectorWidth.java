package org.allclose.internal.kernel.runtime;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * How wide the vectors of the kernels are: what the processor prefers, 128 to 512 bits, unless the
 * system property {@value #PROPERTY} says 128, 256 or 512. Results do not depend on it.
 */
public final class VectorWidth {
  static final String PROPERTY = "allclose.vectorBits";
  public static final VectorSpecies<Double> SPECIES = choose();

  /** So often that both the interpreter and the first compiler's code have taken profiles. */
  private static final int CALLS = 5_000;

  static {
    showToCompiler(SPECIES);
  }

  private VectorWidth() {}

  private static VectorSpecies<Double> choose() {
    int preferred = DoubleVector.SPECIES_PREFERRED.vectorBitSize();
    int bits = Integer.getInteger(PROPERTY, Math.max(128, Math.min(512, preferred)));
    return switch (bits) {
      case 128 -> DoubleVector.SPECIES_128;
      case 256 -> DoubleVector.SPECIES_256;
      case 512 -> DoubleVector.SPECIES_512;
      default ->
          throw new IllegalArgumentException(
              PROPERTY + ": expected 128, 256 or 512 but got " + bits);
    };
  }

  /**
   * Calls what the kernels call, so that the JIT compiler has profiles that say of which class all
   * vectors are.
   *
   * <p>A kernel is compiled for the time that it spends in its loop. What follows the loop has
   * hardly run then. Without profiles, the second compiler of JDK 17 could not tell the class of
   * the vectors there, and left calls that put each into an object, for as long as the JVM ran.
   */
  private static void showToCompiler(VectorSpecies<Double> species) {
    double[] x = new double[species.length()];
    for (int i = 0; i < CALLS; i++) {
      DoubleVector v = DoubleVector.fromArray(species, x, 0);
      v = DoubleVector.broadcast(species, x[0]).fma(v, DoubleVector.zero(species)).add(v);
      v.sub(v).mul(v).intoArray(x, 0);
    }
  }
}
