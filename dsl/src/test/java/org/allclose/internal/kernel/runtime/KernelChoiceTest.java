package org.allclose.internal.kernel.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Locale;
import org.junit.jupiter.api.Test;

class KernelChoiceTest {

  @Test
  void current_isWhatIsPinnedOrVectorsWhereThereAreAny() {
    boolean present = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    String pinned = System.getProperty("allclose.kernel", present ? "vector" : "scalar");
    assertEquals(pinned.toUpperCase(Locale.ROOT), KernelChoice.current().name());
  }

  @Test
  void implementation_isThatOfTheChoice() {
    Object chosen =
        KernelChoice.implementation(
            Object.class,
            () -> "reference",
            () -> "scalar",
            "org.allclose.internal.kernel.math.VectorArrayFunctions");
    switch (KernelChoice.current()) {
      case REFERENCE -> assertEquals("reference", chosen);
      case SCALAR -> assertEquals("scalar", chosen);
      case VECTOR -> assertEquals("VectorArrayFunctions", chosen.getClass().getSimpleName());
      default -> throw new AssertionError(KernelChoice.current());
    }
  }

  @Test
  void implementation_ofAClassThatIsMissing_isALinkageError() {
    assumeTrue(KernelChoice.current() == KernelChoice.VECTOR, "this JVM needs no vector class");
    LinkageError e =
        assertThrows(
            LinkageError.class,
            () -> KernelChoice.implementation(Object.class, () -> "", () -> "", "VectorNothing"));
    assertEquals("kernel VectorNothing: cannot be loaded", e.getMessage());
  }
}
