package org.allclose.jnpy;

import java.nio.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Collects the primitives of an array in heap arrays, allocated as they are reached. */
final class StorageBuilder {
  /** The longest array that every JVM allocates. */
  static final int LONGEST_ARRAY = Integer.MAX_VALUE - 8;

  private static final int LONG_SEGMENT = 27;

  private final Primitive unit;
  private final long units;
  private final int shift;
  private final List<Buffer> segments = new ArrayList<>();
  private long done;

  private StorageBuilder(Primitive unit, long units, int shift) {
    this.unit = unit;
    this.units = units;
    this.shift = shift;
  }

  /** Returns a builder for so many units, in one array if Java has one so long. */
  static StorageBuilder of(Primitive unit, long units) {
    return new StorageBuilder(unit, units, units > LONGEST_ARRAY ? LONG_SEGMENT : Storage.WHOLE);
  }

  /**
   * Returns a builder that allocates no more than is used.
   *
   * @param shift the units of a segment, as a power of two
   */
  static StorageBuilder growing(Primitive unit, long units, int shift) {
    return new StorageBuilder(unit, units, units > 1L << shift ? shift : Storage.WHOLE);
  }

  /** Appends the first {@code count} units of a buffer. */
  void append(Buffer source, int count) {
    int taken = 0;
    while (taken < count) {
      int at = (int) (done & ((1L << shift) - 1));
      if (at == 0) {
        int length = (int) Math.min(units - done, 1L << shift);
        segments.add(unit.wrap(unit.newArray(length)));
      }
      Buffer segment = segments.get(segments.size() - 1);
      int n = Math.min(count - taken, segment.limit() - at);
      unit.put(segment, at, source, taken, n);
      taken += n;
      done += n;
    }
  }

  Storage build() {
    return new Storage(unit, segments.toArray(new Buffer[0]), shift, Optional.empty());
  }
}
