package org.allclose.kernel;

/** Picks the implementation of {@link ArrayFunctions} when first asked for it. */
final class ArrayFunctionsChoice {
  private ArrayFunctionsChoice() {}

  static final ArrayFunctions BEST = vectorOr(new ScalarArrayFunctions());

  /** Returns the Vector API implementation, or the given one where the module is not readable. */
  static ArrayFunctions vectorOr(ArrayFunctions other) {
    boolean readable =
        ModuleLayer.boot()
            .findModule("jdk.incubator.vector")
            .filter(ArrayFunctions.class.getModule()::canRead)
            .isPresent();
    if (!readable) {
      return other;
    }
    try {
      // By name: without the module the class must not even be loaded.
      return Class.forName("org.allclose.kernel.VectorArrayFunctions")
          .asSubclass(ArrayFunctions.class)
          .getDeclaredConstructor()
          .newInstance();
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("kernel VectorArrayFunctions: cannot be loaded", e);
    }
  }
}
