package org.allclose.internal.kernel.runtime;

import java.lang.reflect.Constructor;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Hands out the implementations of the kernels, all of one kind. All kinds give the same bits.
 *
 * <p>The choice is made once: vectors where the module {@code jdk.incubator.vector} is present,
 * else scalar loops, unless the system property {@value #PROPERTY} names one. It is logged when it
 * comes to matter, with the first product that is not small. Classes that use the Vector API are
 * reached by name alone, so that nothing breaks without the module.
 */
public enum KernelProvider {
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

  private static final KernelProvider CURRENT = choose();
  private static final AtomicBoolean ANNOUNCED = new AtomicBoolean();

  /** Returns the choice of this JVM. */
  public static KernelProvider current() {
    return CURRENT;
  }

  /** Logs the choice, once, if work is about to be done that it matters for. */
  public static void announce(long multiplications) {
    if (multiplications >= MANY && ANNOUNCED.compareAndSet(false, true)) {
      System.getLogger(KernelProvider.class.getPackageName())
          .log(System.Logger.Level.INFO, CURRENT.message());
    }
  }

  /**
   * Returns an implementation of a kernel: of {@code ProductKernel} the class {@code
   * ScalarProductKernel}, or {@code Vector...} or {@code Reference...}, beside it, with a
   * constructor without parameters. Where there is no reference of its own, the scalar
   * implementation is that, too.
   *
   * @throws LinkageError if there is no such class
   */
  public <T> T get(Class<T> kernel) {
    String prefix = name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT);
    String simpleName = kernel.getSimpleName();
    int place = kernel.getName().length() - simpleName.length();
    String name = kernel.getName().substring(0, place) + prefix + simpleName;
    try {
      Constructor<?> constructor = Class.forName(name).getDeclaredConstructor();
      constructor.setAccessible(true);
      return kernel.cast(constructor.newInstance());
    } catch (ClassNotFoundException e) {
      if (this == REFERENCE) {
        return SCALAR.get(kernel);
      }
      throw missing(name, e);
    } catch (ReflectiveOperationException e) {
      throw missing(name, e);
    }
  }

  private static LinkageError missing(String name, Exception cause) {
    return new LinkageError("kernel " + name + ": cannot be loaded", cause);
  }

  private static KernelProvider choose() {
    String pinned = System.getProperty(PROPERTY);
    boolean present = moduleIsReadable();
    KernelProvider choice =
        pinned == null ? (present ? VECTOR : SCALAR) : parse(pinned.toUpperCase(Locale.ROOT));
    if (choice == VECTOR && !present) {
      throw new IllegalStateException(
          PROPERTY + ": expected module " + MODULE + " for 'vector', add --add-modules " + MODULE);
    }
    return choice;
  }

  private static KernelProvider parse(String name) {
    for (KernelProvider choice : values()) {
      if (choice.name().equals(name)) {
        return choice;
      }
    }
    throw new IllegalArgumentException(
        PROPERTY + ": expected reference, scalar or vector but got '" + name + "'");
  }

  private static boolean moduleIsReadable() {
    Optional<Module> module = ModuleLayer.boot().findModule(MODULE);
    return module.isPresent() && KernelProvider.class.getModule().canRead(module.get());
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
