package org.allclose.jnpy;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Unmaps by {@code sun.misc.Unsafe.invokeCleaner}, which module jdk.unsupported exports. */
final class UnsafeMap extends MemoryMap {
  private final Object unsafe;
  private final Method invokeCleaner;
  private final List<ByteBuffer> mapped = new ArrayList<>();

  private UnsafeMap(Object unsafe, Method invokeCleaner) {
    this.unsafe = unsafe;
    this.invokeCleaner = invokeCleaner;
  }

  /** Returns a mapper, unless this JVM has no such method. */
  static Optional<MemoryMap> ofThisJvm() {
    // By reflection: javac warns of every mention of the class, and that warning has no switch.
    try {
      Class<?> type = Class.forName("sun.misc.Unsafe");
      Field instance = type.getDeclaredField("theUnsafe");
      instance.setAccessible(true);
      Method invokeCleaner = type.getMethod("invokeCleaner", ByteBuffer.class);
      return Optional.of(new UnsafeMap(instance.get(null), invokeCleaner));
    } catch (ReflectiveOperationException | RuntimeException e) {
      return Optional.empty();
    }
  }

  @Override
  ByteBuffer mapSegment(FileChannel channel, long from, long bytes) throws IOException {
    ByteBuffer buffer = channel.map(FileChannel.MapMode.READ_ONLY, from, bytes);
    mapped.add(buffer);
    return buffer;
  }

  @Override
  void unmap() {
    for (ByteBuffer buffer : mapped) {
      try {
        invokeCleaner.invoke(unsafe, buffer);
      } catch (IllegalAccessException | InvocationTargetException e) {
        throw new IllegalStateException("memory map: expected it to be unmapped but got " + e, e);
      }
    }
    mapped.clear();
  }

  @Override
  boolean isSafe() {
    return false;
  }
}
