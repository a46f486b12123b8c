package org.allclose.internal.kernel.runtime;

import java.lang.ref.WeakReference;
import java.util.function.Supplier;

/**
 * An object for each thread, which the thread uses again: scratch space.
 *
 * <p>A thread refers to it weakly. A strong reference would lead from a thread that outlives the
 * library, such as one of an application server, to the library's class loader, and keep both
 * alive. At worst a collection takes the object and it is made anew.
 */
public final class PerThread<T> {
  @SuppressWarnings("ThreadLocalUsage") // It is static where it is used.
  private final ThreadLocal<WeakReference<T>> objects = new ThreadLocal<>();

  private final Supplier<T> maker;

  public PerThread(Supplier<T> maker) {
    this.maker = maker;
  }

  /** Returns the calling thread's object; the caller holds on to it as long as it is in use. */
  public T get() {
    WeakReference<T> reference = objects.get();
    T object = reference == null ? null : reference.get();
    return object == null ? make() : object;
  }

  private T make() {
    T object = maker.get();
    objects.set(new WeakReference<>(object));
    return object;
  }
}
