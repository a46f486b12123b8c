package org.allclose.jnpy;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;

/** Maps into a {@code java.lang.foreign.Arena}, which Java has from version 22 on. */
final class ArenaMap extends MemoryMap {
  private final Object arena;
  private final Method close;
  private final Method map;
  private final Method asByteBuffer;

  private ArenaMap(Object arena, Method close, Method map, Method asByteBuffer) {
    this.arena = arena;
    this.close = close;
    this.map = map;
    this.asByteBuffer = asByteBuffer;
  }

  /** Returns a mapper, unless this Java is older than 22. */
  static Optional<MemoryMap> ofThisJvm() {
    // By reflection: the classes do not exist in the Java that this is compiled for. Java 21 has
    // them as a preview only, and refuses there.
    try {
      Class<?> type = Class.forName("java.lang.foreign.Arena");
      Class<?> segment = Class.forName("java.lang.foreign.MemorySegment");
      Method map =
          FileChannel.class.getMethod(
              "map", FileChannel.MapMode.class, long.class, long.class, type);
      Object arena = type.getMethod("ofShared").invoke(null);
      return Optional.of(
          new ArenaMap(arena, type.getMethod("close"), map, segment.getMethod("asByteBuffer")));
    } catch (ReflectiveOperationException | RuntimeException e) {
      return Optional.empty();
    }
  }

  @Override
  ByteBuffer mapSegment(FileChannel channel, long from, long bytes) throws IOException {
    try {
      Object segment = map.invoke(channel, FileChannel.MapMode.READ_ONLY, from, bytes, arena);
      return (ByteBuffer) asByteBuffer.invoke(segment);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw new IOException("memory map: " + e.getCause(), e);
    } catch (IllegalAccessException e) {
      throw new IOException("memory map: " + e, e);
    }
  }

  @Override
  void unmap() {
    try {
      close.invoke(arena);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("memory map: expected it to be unmapped but got " + e, e);
    }
  }

  @Override
  boolean isSafe() {
    return true;
  }
}
