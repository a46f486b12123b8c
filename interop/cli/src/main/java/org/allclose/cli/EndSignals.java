package org.allclose.cli;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The signals that ask a process to end, such as Ctrl-C and {@code kill}: while this is open, the
 * first one is passed on as a request, and the next one ends the process as ever.
 *
 * <p>{@code sun.misc.Signal} is reached by name: every JDK has it, but no specification. Where it
 * is missing, or the JVM leaves signals alone ({@code -Xrs}), the first signal ends the process.
 */
final class EndSignals implements AutoCloseable {
  private static final List<String> NAMES = List.of("INT", "TERM", "HUP");

  /** What a shell adds to a signal's number in the exit status of what it ended. */
  private static final int STATUS = 128;

  private final Runnable request;
  private final Map<Object, Object> handlers = new ConcurrentHashMap<>();
  private volatile int received;

  private EndSignals(Runnable request) {
    this.request = request;
  }

  /**
   * Starts to listen.
   *
   * @param request called in a thread of the JVM's at the first signal
   */
  static EndSignals listen(Runnable request) {
    EndSignals signals = new EndSignals(request);
    for (String name : NAMES) {
      try {
        signals.replace(name);
      } catch (ReflectiveOperationException e) {
        // No such signal on this system, or it is not ours: it does what it ever does.
      }
    }
    return signals;
  }

  /** Returns the exit status that tells of the signal, if there was one. */
  OptionalInt status() {
    return received == 0 ? OptionalInt.empty() : OptionalInt.of(STATUS + received);
  }

  /** Gives the signals back to the JVM. */
  @Override
  public void close() {
    for (Map.Entry<Object, Object> handler : handlers.entrySet()) {
      try {
        handle(handler.getKey(), handler.getValue());
      } catch (ReflectiveOperationException e) {
        throw new LinkageError("signal: expected to restore a handler", e);
      }
    }
  }

  private void replace(String name) throws ReflectiveOperationException {
    Class<?> type = Class.forName("sun.misc.SignalHandler");
    Object handler =
        Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, this::answer);
    Object signal = Class.forName("sun.misc.Signal").getConstructor(String.class).newInstance(name);
    handlers.put(signal, handle(signal, handler));
  }

  private Object answer(Object proxy, Method method, Object[] arguments)
      throws ReflectiveOperationException {
    switch (method.getName()) {
      case "handle" -> {
        received = (int) arguments[0].getClass().getMethod("getNumber").invoke(arguments[0]);
        close();
        request.run();
        return null;
      }
      case "equals" -> {
        return proxy == arguments[0];
      }
      case "hashCode" -> {
        return System.identityHashCode(proxy);
      }
      default -> {
        return "EndSignals";
      }
    }
  }

  /** Sets a signal's handler; returns the one before. */
  private static Object handle(Object signal, Object handler) throws ReflectiveOperationException {
    Class<?> type = Class.forName("sun.misc.SignalHandler");
    return signal
        .getClass()
        .getMethod("handle", signal.getClass(), type)
        .invoke(null, signal, handler);
  }
}
