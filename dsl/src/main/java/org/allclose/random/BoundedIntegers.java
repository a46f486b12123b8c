package org.allclose.random;

/**
 * Integers drawn uniformly from a range, by numpy's two rules.
 *
 * <p><b>Masked</b>, {@code RandomState.randint}: words cut to the bits of the range's width until
 * one is not above it. <b>Lemire</b>, {@code Generator.integers}: the upper half of the product of
 * a word and the number of values, rejected where its lower half shows that it would be too
 * frequent.
 *
 * <p>Types of 32 bits or fewer use words of their size; smaller ones are cut from words of 32 bits,
 * lowest bits first, and what is left of a word is dropped at the end of a call. Types of 64 bits
 * use words of 32 where the width has no more. A range of one value draws nothing, and a full range
 * takes words as they are.
 *
 * <p>Source: numpy {@code distributions.c}, {@code random_bounded_*_fill} (BSD-3-Clause); D.
 * Lemire, "Fast Random Integer Generation in an Interval", ACM TOMACS 29 (2019), arXiv:1805.10941.
 */
final class BoundedIntegers {
  private static final long MASK32 = 0xffffffffL;
  private static final int CHUNK = 256;

  private final RandomBits bits;
  private final boolean masked;

  /** What is left of a word of 32 bits, for types smaller than that, and how many parts that is. */
  private int buffer;

  private int buffered;

  private BoundedIntegers(RandomBits bits, boolean masked) {
    this.bits = bits;
    this.masked = masked;
  }

  /** Fills an array by the masked rule. */
  static void fillMasked(RandomBits bits, IntegerRange range, long[] into) {
    new BoundedIntegers(bits, true).fill(range, into);
  }

  /** Fills an array by Lemire's rule. */
  static void fillLemire(RandomBits bits, IntegerRange range, long[] into) {
    new BoundedIntegers(bits, false).fill(range, into);
  }

  /** Returns one number of [0, max] by Lemire's rule, as of type uint64. */
  static long lemire(RandomBits bits, long max) {
    return new BoundedIntegers(bits, false).draw(IntegerType.UINT64, max);
  }

  /** Returns one number by the masked rule. */
  static long masked(RandomBits bits, IntegerRange range) {
    return range.first() + new BoundedIntegers(bits, true).draw(range.type(), range.width());
  }

  /** Returns one number by Lemire's rule. */
  static long lemire(RandomBits bits, IntegerRange range) {
    return range.first() + new BoundedIntegers(bits, false).draw(range.type(), range.width());
  }

  private void fill(IntegerRange range, long[] into) {
    long width = range.width();
    if (masked && range.type().bits() >= 32 && width > 0 && width <= Integer.MAX_VALUE) {
      fillInts(range.first(), (int) width, into);
      return;
    }
    for (int i = 0; i < into.length; i++) {
      into[i] = range.first() + draw(range.type(), width);
    }
  }

  private void fillInts(long first, int width, long[] into) {
    int[] chunk = new int[Math.min(CHUNK, into.length)];
    for (int from = 0; from < into.length; from += CHUNK) {
      int count = Math.min(CHUNK, into.length - from);
      bits.intervals(width, 0, chunk, count);
      for (int i = 0; i < count; i++) {
        into[from + i] = first + chunk[i];
      }
    }
  }

  /** Returns a number of [0, width], width being unsigned. */
  private long draw(IntegerType type, long width) {
    if (width == 0) {
      return 0;
    }
    return switch (type.bits()) {
      case 1 -> part(1);
      case 8, 16 -> drawPart(type.bits(), (int) width);
      case 32 -> draw32(width);
      default -> width >>> 32 == 0 ? draw32(width) : draw64(width);
    };
  }

  private long draw64(long width) {
    if (width == -1) {
      return bits.next64();
    }
    return masked ? masked64(width) : lemire64(width + 1);
  }

  private long masked64(long width) {
    long mask = RandomBits.mask(width);
    long value;
    do {
      value = bits.next64() & mask;
    } while (Long.compareUnsigned(value, width) > 0);
    return value;
  }

  private long lemire64(long values) {
    long word = bits.next64();
    if (Long.compareUnsigned(word * values, values) < 0) {
      long threshold = Long.remainderUnsigned(-values, values);
      while (Long.compareUnsigned(word * values, threshold) < 0) {
        word = bits.next64();
      }
    }
    return Math.multiplyHigh(word, values) + (word >> 63 & values) + (values >> 63 & word);
  }

  private long draw32(long width) {
    if (width == MASK32) {
      return bits.next32() & MASK32;
    }
    return masked ? masked32(width) : lemire32(width + 1);
  }

  private long masked32(long width) {
    long mask = RandomBits.mask(width);
    long value;
    do {
      value = bits.next32() & mask;
    } while (value > width);
    return value;
  }

  private long lemire32(long values) {
    long product = (bits.next32() & MASK32) * values;
    if ((product & MASK32) < values) {
      long threshold = ((1L << 32) - values) % values;
      while ((product & MASK32) < threshold) {
        product = (bits.next32() & MASK32) * values;
      }
    }
    return product >>> 32;
  }

  private int drawPart(int size, int width) {
    int full = -1 >>> (32 - size);
    if (width == full) {
      return part(size);
    }
    return masked ? maskedPart(size, width) : lemirePart(size, width + 1, full);
  }

  private int maskedPart(int size, int width) {
    int mask = RandomBits.mask(width);
    int value;
    do {
      value = part(size) & mask;
    } while (value > width);
    return value;
  }

  private int lemirePart(int size, int values, int full) {
    int product = part(size) * values;
    if ((product & full) < values) {
      int threshold = (full + 1 - values) % values;
      while ((product & full) < threshold) {
        product = part(size) * values;
      }
    }
    return product >>> size;
  }

  /** Returns the next part of a word of 32 bits. */
  private int part(int size) {
    if (buffered == 0) {
      buffer = bits.next32();
      buffered = 32 / size;
    } else {
      buffer >>>= size;
    }
    buffered--;
    return buffer & (-1 >>> (32 - size));
  }
}
