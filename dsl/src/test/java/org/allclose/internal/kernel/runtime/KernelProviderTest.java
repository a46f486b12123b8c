package org.allclose.internal.kernel.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Locale;
import org.junit.jupiter.api.Test;

class KernelProviderTest {

  interface Kernel {}

  static final class ScalarKernel implements Kernel {}

  static final class VectorKernel implements Kernel {}

  interface Defined {}

  static final class ReferenceDefined implements Defined {}

  static final class ScalarDefined implements Defined {}

  static final class VectorDefined {}

  @Test
  void current_isWhatIsPinnedOrVectorsWhereThereAreAny() {
    boolean present = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    String pinned = System.getProperty("allclose.kernel", present ? "vector" : "scalar");
    assertEquals(pinned.toUpperCase(Locale.ROOT), KernelProvider.current().name());
  }

  @Test
  void get_isTheImplementationOfItsKind() {
    assertInstanceOf(ScalarKernel.class, KernelProvider.SCALAR.get(Kernel.class));
    assertInstanceOf(VectorKernel.class, KernelProvider.VECTOR.get(Kernel.class));
    assertInstanceOf(ReferenceDefined.class, KernelProvider.REFERENCE.get(Defined.class));
  }

  @Test
  void get_ofAReferenceThatIsNotThere_isTheScalarImplementation() {
    assertInstanceOf(ScalarKernel.class, KernelProvider.REFERENCE.get(Kernel.class));
  }

  @Test
  void get_ofAClassThatIsMissing_isALinkageError() {
    LinkageError e =
        assertThrows(LinkageError.class, () -> KernelProvider.VECTOR.get(Runnable.class));
    assertEquals("kernel java.lang.VectorRunnable: cannot be loaded", e.getMessage());
  }

  @Test
  void get_ofAnotherType_isRefused() {
    assertThrows(ClassCastException.class, () -> KernelProvider.VECTOR.get(Defined.class));
  }
}
