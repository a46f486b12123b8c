package org.allclose.jnpy;

import java.io.IOException;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Part of a file as memory, in segments that Java's buffers can address, unmapped on request.
 *
 * <p>Java 17 has no call that unmaps. From Java 22 on an arena does it, safely; before, {@code
 * sun.misc.Unsafe} does, which is why every copy is made under a {@link Lifetime}. Where neither is
 * to be had the memory goes when the garbage collector finds the buffers unreachable.
 */
abstract class MemoryMap {
  /** 2<sup>30</sup> bytes: a whole number of the primitives of every dtype. */
  static final int SEGMENT_SHIFT = 30;

  /** Returns the kind that this JVM allows, without memory yet. */
  static MemoryMap create() {
    return ArenaMap.ofThisJvm().or(UnsafeMap::ofThisJvm).orElseGet(CollectedMap::new);
  }

  /** Maps a range of at most 2<sup>31</sup> - 1 bytes for reading. */
  abstract ByteBuffer mapSegment(FileChannel channel, long from, long bytes) throws IOException;

  /** Unmaps whatever was mapped. */
  abstract void unmap();

  /** Returns whether touching the memory after it was unmapped makes an exception. */
  abstract boolean isSafe();

  /** Maps the data of an array. */
  final Storage map(FileChannel channel, long from, DType dtype, long bytes, Lifetime lifetime)
      throws IOException {
    return map(channel, from, dtype, bytes, lifetime, SEGMENT_SHIFT);
  }

  /**
   * Maps the data of an array in segments of another length.
   *
   * @param segmentShift the bytes of a segment, as a power of two
   */
  final Storage map(
      FileChannel channel, long from, DType dtype, long bytes, Lifetime lifetime, int segmentShift)
      throws IOException {
    List<Buffer> segments = new ArrayList<>();
    long segmentBytes = 1L << segmentShift;
    for (long done = 0; done < bytes; done += segmentBytes) {
      ByteBuffer segment = mapSegment(channel, from + done, Math.min(bytes - done, segmentBytes));
      segments.add(dtype.unit().view(segment.order(dtype.byteOrder())));
    }
    int unitShift = segmentShift - Integer.numberOfTrailingZeros(dtype.unit().bytes());
    return new Storage(
        dtype.unit(), segments.toArray(new Buffer[0]), unitShift, Optional.of(lifetime));
  }

  /** Leaves unmapping to the garbage collector. */
  static final class CollectedMap extends MemoryMap {
    @Override
    ByteBuffer mapSegment(FileChannel channel, long from, long bytes) throws IOException {
      return channel.map(FileChannel.MapMode.READ_ONLY, from, bytes);
    }

    @Override
    void unmap() {
      // The buffers are dropped with the array.
    }

    @Override
    boolean isSafe() {
      return true;
    }
  }
}
