package org.allclose.jnpy;

import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The primitives of an array in the order of its file, in heap arrays or in mapped memory.
 *
 * <p>One Java buffer holds at most 2<sup>31</sup> - 1 of them, so there may be several segments;
 * all but the last have {@code 1 << shift} units. Ranges are not checked here.
 */
final class Storage {
  /** No segment is split off below this length: most arrays have one. */
  static final int WHOLE = 31;

  private final Primitive unit;
  private final Buffer[] segments;
  private final int shift;
  private final Optional<Lifetime> lifetime;

  Storage(Primitive unit, Buffer[] segments, int shift, Optional<Lifetime> lifetime) {
    this.unit = unit;
    this.segments = segments;
    this.shift = shift;
    this.lifetime = lifetime;
  }

  /** Returns storage that shares a primitive array. */
  static Storage wrap(Primitive unit, Object array) {
    return new Storage(unit, new Buffer[] {unit.wrap(array)}, WHOLE, Optional.empty());
  }

  Primitive unit() {
    return unit;
  }

  /** Returns the number of units. */
  long units() {
    long units = 0;
    for (Buffer segment : segments) {
      units += segment.limit();
    }
    return units;
  }

  /** Copies units into a primitive array of the same kind. */
  void get(long from, Object array, int offset, int count) {
    copy(from, unit.wrap(array), offset, count);
  }

  /** Appends units to the bytes, in their byte order. */
  void encode(long from, ByteBuffer bytes, int count) {
    copy(from, unit.view(bytes), 0, count);
    bytes.position(bytes.position() + count * unit.bytes());
  }

  /** Copies every {@code step}-th unit into a primitive array of the same kind. */
  void gather(long from, long step, Object array, int offset, int count) {
    guarded(
        () -> {
          long p = from;
          int done = 0;
          while (done < count) {
            Buffer segment = segments[(int) (p >>> shift)];
            int start = (int) (p & mask());
            long fitting = (segment.limit() - 1L - start) / step + 1;
            int n = (int) Math.min(count - done, fitting);
            // A step beyond the segment is taken once only, so it may be cut to int.
            unit.gather(segment, start, n == 1 ? 0 : (int) step, array, offset + done, n);
            done += n;
            p += n * step;
          }
        });
  }

  /**
   * Returns all units as one read-only buffer that shares them.
   *
   * @throws IllegalStateException if they are more than one buffer can have
   */
  Buffer readOnly() {
    if (segments.length > 1) {
      throw new IllegalStateException("expected elements that one buffer holds but got more");
    }
    lifetime.ifPresent(Lifetime::handOut);
    return segments.length == 0 ? unit.wrap(unit.newArray(0)) : unit.readOnly(segments[0]);
  }

  private void copy(long from, Buffer target, int at, int count) {
    guarded(
        () -> {
          long p = from;
          int done = 0;
          while (done < count) {
            Buffer segment = segments[(int) (p >>> shift)];
            int start = (int) (p & mask());
            int n = Math.min(count - done, segment.limit() - start);
            unit.put(target, at + done, segment, start, n);
            done += n;
            p += n;
          }
        });
  }

  private long mask() {
    return (1L << shift) - 1;
  }

  private void guarded(Runnable copy) {
    if (lifetime.isPresent()) {
      lifetime.get().run(copy);
    } else {
      copy.run();
    }
  }
}
