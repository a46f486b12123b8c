package org.allclose.jnpy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * Elements in C order as Java values, copied in chunks.
 *
 * <p>Ranges are not checked here. Whatever does not fit throws {@link ArithmeticException} with the
 * element's index; what makes no sense for the type throws {@link IllegalStateException}.
 */
final class Conversion {
  private static final int CHUNK = 1 << 13;
  private static final long EXACT_INTEGERS = 1L << 53;

  private final NpyArray array;
  private final ElementOrder layout;
  private final ElementType type;

  Conversion(NpyArray array, ElementOrder layout) {
    this.array = array;
    this.layout = layout;
    this.type = array.dtype().type();
  }

  void doubles(long from, double[] target, int offset, int count, boolean exact) {
    if (type == ElementType.FLOAT64) {
      layout.get(from, target, offset, count);
    } else if (type.isFloating()) {
      float[] chunk = new float[Math.min(count, CHUNK)];
      for (int done = 0; done < count; done += chunk.length) {
        int n = Math.min(count - done, chunk.length);
        widenedFloats(from + done, chunk, 0, n);
        for (int i = 0; i < n; i++) {
          target[offset + done + i] = chunk[i];
        }
      }
    } else {
      requireInteger("double");
      long[] chunk = new long[Math.min(count, CHUNK)];
      for (int done = 0; done < count; done += chunk.length) {
        int n = Math.min(count - done, chunk.length);
        bits(from + done, chunk, 0, n);
        for (int i = 0; i < n; i++) {
          double value = type == ElementType.UINT64 ? unsigned(chunk[i]) : chunk[i];
          if (exact && Math.abs(value) >= EXACT_INTEGERS && !isExact(value, chunk[i])) {
            throw doesNotFit(from + done + i, "double");
          }
          target[offset + done + i] = value;
        }
      }
    }
  }

  void floats(long from, float[] target, int offset, int count, boolean exact) {
    if (type.isFloating() && type != ElementType.FLOAT64) {
      widenedFloats(from, target, offset, count);
    } else if (type == ElementType.FLOAT64) {
      double[] chunk = new double[Math.min(count, CHUNK)];
      for (int done = 0; done < count; done += chunk.length) {
        int n = Math.min(count - done, chunk.length);
        layout.get(from + done, chunk, 0, n);
        for (int i = 0; i < n; i++) {
          float value = (float) chunk[i];
          if (exact && value != chunk[i] && !Double.isNaN(chunk[i])) {
            throw doesNotFit(from + done + i, "float");
          }
          target[offset + done + i] = value;
        }
      }
    } else {
      requireInteger("float");
      long[] chunk = new long[Math.min(count, CHUNK)];
      for (int done = 0; done < count; done += chunk.length) {
        int n = Math.min(count - done, chunk.length);
        bits(from + done, chunk, 0, n);
        for (int i = 0; i < n; i++) {
          // From long straight to float: by way of double it would be rounded twice.
          float value = type == ElementType.UINT64 ? unsignedFloat(chunk[i]) : chunk[i];
          if (exact && !isExact(value, chunk[i])) {
            throw doesNotFit(from + done + i, "float");
          }
          target[offset + done + i] = value;
        }
      }
    }
  }

  void longs(long from, long[] target, int offset, int count) {
    if (type.isFloating()) {
      double[] chunk = new double[Math.min(count, CHUNK)];
      for (int done = 0; done < count; done += chunk.length) {
        int n = Math.min(count - done, chunk.length);
        doubles(from + done, chunk, 0, n, true);
        for (int i = 0; i < n; i++) {
          long value = (long) chunk[i];
          // The bits, so that -0.0 does not pass for 0, nor 2^63 for the long it saturates to.
          boolean same =
              Double.doubleToRawLongBits((double) value) == Double.doubleToRawLongBits(chunk[i]);
          if (!same || value == Long.MAX_VALUE) {
            throw doesNotFit(from + done + i, "long");
          }
          target[offset + done + i] = value;
        }
      }
      return;
    }
    requireInteger("long");
    bits(from, target, offset, count);
    if (type == ElementType.UINT64) {
      for (int i = 0; i < count; i++) {
        if (target[offset + i] < 0) {
          throw doesNotFit(from + i, "long");
        }
      }
    }
  }

  void unsignedLongs(long from, long[] target, int offset, int count) {
    if (type == ElementType.UINT64) {
      layout.get(from, target, offset, count);
      return;
    }
    longs(from, target, offset, count);
    for (int i = 0; i < count; i++) {
      if (target[offset + i] < 0) {
        throw doesNotFit(from + i, "unsigned long");
      }
    }
  }

  void ints(long from, int[] target, int offset, int count) {
    if (type == ElementType.INT32) {
      layout.get(from, target, offset, count);
      return;
    }
    long[] chunk = new long[Math.min(count, CHUNK)];
    for (int done = 0; done < count; done += chunk.length) {
      int n = Math.min(count - done, chunk.length);
      longs(from + done, chunk, 0, n);
      for (int i = 0; i < n; i++) {
        if (chunk[i] != (int) chunk[i]) {
          throw doesNotFit(from + done + i, "int");
        }
        target[offset + done + i] = (int) chunk[i];
      }
    }
  }

  void booleans(long from, boolean[] target, int offset, int count) {
    if (type != ElementType.BOOL) {
      throw wrongType("boolean");
    }
    byte[] chunk = new byte[Math.min(count, CHUNK)];
    for (int done = 0; done < count; done += chunk.length) {
      int n = Math.min(count - done, chunk.length);
      layout.get(from + done, chunk, 0, n);
      for (int i = 0; i < n; i++) {
        target[offset + done + i] = chunk[i] != 0;
      }
    }
  }

  /** Real and imaginary parts in turn; {@code offset} counts doubles, {@code count} elements. */
  void interleaved(long from, double[] target, int offset, int count) {
    if (type == ElementType.COMPLEX128) {
      layout.get(from, target, offset, count);
      return;
    }
    if (type != ElementType.COMPLEX64) {
      throw wrongType("complex");
    }
    float[] chunk = new float[2 * Math.min(count, CHUNK)];
    for (int done = 0; done < count; done += CHUNK) {
      int n = Math.min(count - done, CHUNK);
      layout.get(from + done, chunk, 0, n);
      for (int i = 0; i < 2 * n; i++) {
        target[offset + 2 * done + i] = chunk[i];
      }
    }
  }

  void strings(long from, String[] target, int offset, int count) {
    int width = array.dtype().unitsPerItem();
    int perChunk = Math.max(1, CHUNK / width);
    if (type == ElementType.BYTES) {
      byte[] chunk = new byte[Math.min(count, perChunk) * width];
      for (int done = 0; done < count; done += perChunk) {
        int n = Math.min(count - done, perChunk);
        layout.get(from + done, chunk, 0, n);
        for (int i = 0; i < n; i++) {
          target[offset + done + i] = latin1(chunk, i * width, width);
        }
      }
    } else if (type == ElementType.TEXT) {
      int[] chunk = new int[Math.min(count, perChunk) * width];
      for (int done = 0; done < count; done += perChunk) {
        int n = Math.min(count - done, perChunk);
        layout.get(from + done, chunk, 0, n);
        for (int i = 0; i < n; i++) {
          target[offset + done + i] = text(chunk, i * width, width, from + done + i);
        }
      }
    } else {
      throw wrongType("String");
    }
  }

  private void widenedFloats(long from, float[] target, int offset, int count) {
    if (type == ElementType.FLOAT32) {
      layout.get(from, target, offset, count);
      return;
    }
    short[] chunk = new short[Math.min(count, CHUNK)];
    for (int done = 0; done < count; done += chunk.length) {
      int n = Math.min(count - done, chunk.length);
      layout.get(from + done, chunk, 0, n);
      int at = offset + done;
      if (type == ElementType.FLOAT16) {
        for (int i = 0; i < n; i++) {
          target[at + i] = Half.fromFloat16(chunk[i]);
        }
      } else {
        for (int i = 0; i < n; i++) {
          target[at + i] = Half.fromBfloat16(chunk[i]);
        }
      }
    }
  }

  /** Integers and truth values as long; uint64 as its bits. */
  private void bits(long from, long[] target, int offset, int count) {
    if (type.unit() == Primitive.LONG) {
      layout.get(from, target, offset, count);
      return;
    }
    Object chunk = type.unit().newArray(Math.min(count, CHUNK));
    for (int done = 0; done < count; done += CHUNK) {
      int n = Math.min(count - done, CHUNK);
      layout.get(from + done, chunk, 0, n);
      widen(chunk, n, target, offset + done);
    }
  }

  private void widen(Object chunk, int count, long[] target, int at) {
    // A mask of all ones keeps the sign.
    long mask = type.isUnsigned() ? (1L << (8 * type.unit().bytes())) - 1 : -1;
    if (chunk instanceof byte[] bytes) {
      boolean truth = type == ElementType.BOOL;
      for (int i = 0; i < count; i++) {
        target[at + i] = truth ? (bytes[i] == 0 ? 0 : 1) : bytes[i] & mask;
      }
    } else if (chunk instanceof short[] shorts) {
      for (int i = 0; i < count; i++) {
        target[at + i] = shorts[i] & mask;
      }
    } else {
      int[] ints = (int[]) chunk;
      for (int i = 0; i < count; i++) {
        target[at + i] = ints[i] & mask;
      }
    }
  }

  private boolean isExact(double value, long bits) {
    if (type == ElementType.UINT64) {
      // 2^64, to which the largest values round, is none of them.
      return value < 0x1p64 && fromUnsigned(value) == bits;
    }
    return value < 0x1p63 && (long) value == bits;
  }

  private static double unsigned(long bits) {
    if (bits >= 0) {
      return bits;
    }
    // Halved with the lost bit kept sticky, so that the one rounding is that of the whole value.
    return ((bits >>> 1) | (bits & 1)) * 2.0;
  }

  private static float unsignedFloat(long bits) {
    return bits >= 0 ? bits : ((bits >>> 1) | (bits & 1)) * 2.0f;
  }

  private static long fromUnsigned(double value) {
    return value < 0x1p63 ? (long) value : (long) (value - 0x1p63) ^ Long.MIN_VALUE;
  }

  private static String latin1(byte[] bytes, int from, int width) {
    int end = from + width;
    while (end > from && bytes[end - 1] == 0) {
      end--;
    }
    return new String(bytes, from, end - from, StandardCharsets.ISO_8859_1);
  }

  private String text(int[] codePoints, int from, int width, long element) {
    int end = from + width;
    while (end > from && codePoints[end - 1] == 0) {
      end--;
    }
    try {
      return new String(codePoints, from, end - from);
    } catch (IllegalArgumentException e) {
      int bad =
          Arrays.stream(codePoints, from, end)
              .filter(c -> !Character.isValidCodePoint(c))
              .findFirst()
              .orElseThrow(() -> e);
      throw new ArithmeticException(
          String.format(
              Locale.ROOT,
              "%s: element %s: expected code points up to 0x10ffff but got 0x%x",
              array.source(),
              array.indexText(element),
              bad));
    }
  }

  private void requireInteger(String target) {
    if (!type.isInteger() && type != ElementType.BOOL) {
      throw wrongType(target);
    }
  }

  private IllegalStateException wrongType(String target) {
    return new IllegalStateException(
        String.format(
            Locale.ROOT,
            "%s: expected elements that convert to %s but got dtype %s",
            array.source(),
            target,
            array.dtype()));
  }

  private ArithmeticException doesNotFit(long element, String target) {
    return new ArithmeticException(
        String.format(
            Locale.ROOT,
            "%s: element %s: expected a value that %s holds exactly but got %s",
            array.source(),
            array.indexText(element),
            target,
            array.elementText(element)));
  }
}
