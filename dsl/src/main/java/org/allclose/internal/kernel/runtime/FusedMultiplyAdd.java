package org.allclose.internal.kernel.runtime;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;

/**
 * Whether {@link Math#fma} is an instruction of the processor. Where it is not, it is computed with
 * {@link java.math.BigDecimal}: the same bits, about a hundred times slower.
 */
final class FusedMultiplyAdd {
  private FusedMultiplyAdd() {}

  /**
   * Returns what the JVM has found, or was told, of this processor; true where it does not say: on
   * another JVM than HotSpot, or without the module {@code jdk.management}.
   */
  static boolean isInHardware() {
    try {
      HotSpotDiagnosticMXBean hotSpot =
          ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
      return hotSpot == null || !hotSpot.getVMOption("UseFMA").getValue().equals("false");
    } catch (IllegalArgumentException | LinkageError e) {
      return true;
    }
  }
}
