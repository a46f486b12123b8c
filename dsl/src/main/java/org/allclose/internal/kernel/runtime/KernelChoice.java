package org.allclose.internal.kernel.runtime;

import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Which implementation of the kernels this JVM runs. All give the same bits.
 *
 * <p>The choice is made once: vectors where the module {@code jdk.incubator.vector} is present,
 * else scalar loops, unless the system property {@value #PROPERTY} names one. It is logged when it
 * comes to matter, with the first product that is not small. Classes that use the Vector API are
 * reached by name alone, so that nothing breaks without the module.
 */
public enum KernelChoice {
  /** The plain loops that define the order of operations. */
  REFERENCE,
  /** Loops the JIT compiler can vectorise by itself. */
  SCALAR,
  /** The Vector API. */
  VECTOR;

  /** Pins the choice: {@code reference}, {@code scalar} or {@code vector}. */
  static final String PROPERTY = "allclose.kernel";

  private static final String MODULE = "jdk.incubator.vector";

  /** Multiplications that take long enough, some 0.1 ms, for the choice to matter. */
  private static final long MANY = 1 << 20;

  private static final KernelChoice CURRENT = choose();
  private static final AtomicBoolean ANNOUNCED = new AtomicBoolean();

  /** Returns the choice of this JVM. */
  public static KernelChoice current() {
    return CURRENT;
  }

  /** Logs the choice, once, if work is about to be done that it matters for. */
  public static void announce(long multiplications) {
    if (multiplications >= MANY && ANNOUNCED.compareAndSet(false, true)) {
      System.getLogger(KernelChoice.class.getPackageName())
          .log(System.Logger.Level.INFO, CURRENT.message());
    }
  }

  /**
   * Returns the chosen implementation.
   *
   * @param vector the full name of a public class with a public constructor without parameters
   */
  public static <T> T implementation(
      Class<T> type, Supplier<T> reference, Supplier<T> scalar, String vector) {
    return switch (CURRENT) {
      case REFERENCE -> reference.get();
      case SCALAR -> scalar.get();
      case VECTOR -> type.cast(instantiate(vector));
    };
  }

  private static Object instantiate(String name) {
    try {
      return Class.forName(name).getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("kernel " + name + ": cannot be loaded", e);
    }
  }

  private static KernelChoice choose() {
    String pinned = System.getProperty(PROPERTY);
    boolean present = moduleIsReadable();
    KernelChoice choice =
        pinned == null ? (present ? VECTOR : SCALAR) : parse(pinned.toUpperCase(Locale.ROOT));
    if (choice == VECTOR && !present) {
      throw new IllegalStateException(
          PROPERTY + ": expected module " + MODULE + " for 'vector', add --add-modules " + MODULE);
    }
    return choice;
  }

  private static KernelChoice parse(String name) {
    for (KernelChoice choice : values()) {
      if (choice.name().equals(name)) {
        return choice;
      }
    }
    throw new IllegalArgumentException(
        PROPERTY + ": expected reference, scalar or vector but got '" + name + "'");
  }

  private static boolean moduleIsReadable() {
    Optional<Module> module = ModuleLayer.boot().findModule(MODULE);
    return module.isPresent() && KernelChoice.class.getModule().canRead(module.get());
  }

  private String message() {
    return loops()
        + (FusedMultiplyAdd.isInHardware()
            ? ""
            : "; without FMA instructions, for which Java does the same in software, many times"
                + " slower");
  }

  private String loops() {
    return switch (this) {
      case REFERENCE -> "kernels: plain reference loops";
      case SCALAR ->
          "kernels: scalar loops; for the fast ones start Java with --add-modules " + MODULE;
      case VECTOR -> "kernels: Vector API";
    };
  }
}
