package org.allclose.kernel;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * How wide the vectors of the kernels are: what the processor prefers, 128 to 512 bits, unless the
 * system property {@value #PROPERTY} says 128, 256 or 512. Results do not depend on it.
 */
final class VectorWidth {
  static final String PROPERTY = "allclose.vectorBits";
  static final VectorSpecies<Double> SPECIES = choose();

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
}
