package org.allclose.internal.kernel.math;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.DoubleStream;

/**
 * The inputs of {@code testdata/reference/function_digests.py} and the digests of results: that
 * script says how they are made.
 */
public final class Streams {
  /** Zeros, the ends of the exponents, and both sides of each place where a function changes. */
  public static final double[] SPECIAL =
      DoubleStream.concat(DoubleStream.of(magnitudes()), DoubleStream.of(magnitudes()).map(x -> -x))
          .toArray();

  private Streams() {}

  private static double[] magnitudes() {
    double tiny = Double.MIN_VALUE;
    double normal = Double.MIN_NORMAL;
    return new double[] {
      0.0,
      tiny,
      0x1p-1073,
      normal - tiny,
      normal,
      0x1p-1021,
      0x1p-1015,
      0x1p-538,
      0x1p-65,
      0x1p-55,
      0x1p-54,
      0x1p-53,
      0x1p-29,
      0x1p-28,
      0x1p-20,
      1e-3,
      0.25,
      0.2928934097290039,
      0.3,
      1.0 / 3,
      0.34657359027997264,
      0.375,
      0.4142135623730951,
      0.5,
      0.6931471805599453,
      0.75,
      0.7500001,
      0.84375,
      0.9375,
      0.9999995,
      1 - 0x1p-53,
      1.0,
      1 + 0x1p-52,
      1.0397207708399179,
      1.0647,
      1.25,
      1.5,
      2.0,
      Math.E,
      2.857142857142857,
      2.99998,
      2.99999,
      2.999995,
      2.9999999,
      3.0,
      3.0000005,
      5.0,
      6.0,
      13.862943611198906,
      14.556090791758852,
      19.061547465398498,
      19.75469464595844,
      22.0,
      38.816242111356935,
      39.5,
      127.0,
      511.9999999999999,
      512.0,
      708.3964185322641,
      708.4,
      709.0895657128241,
      709.4361393031039,
      709.782712893384,
      709.7827128933841,
      710.0,
      744.4400719213812,
      745.1332191019411,
      745.1332191019412,
      746.0,
      1023.9999999999999,
      1024.0,
      1e5,
      0x1p31,
      0x1p52 - 0.5,
      0x1p53 - 1,
      0x1p53,
      0x1p53 + 2,
      0x1p54,
      0x1p62,
      0x1p63,
      0x1p64,
      1e300,
      0x1p1023,
      Double.MAX_VALUE,
      Double.POSITIVE_INFINITY,
      Double.NaN
    };
  }

  /** Returns the first values of a stream. */
  public static double[] values(String kind, long seed, int count) {
    if (kind.equals("special")) {
      return SPECIAL.clone();
    }
    String[] words = kind.split(":", -1);
    double low = words.length > 1 ? Double.parseDouble(words[1]) : 0;
    double high = words.length > 1 ? Double.parseDouble(words[2]) : 0;
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      long z = splitMix(seed, i);
      double unit = (z >>> 11) * 0x1p-53;
      values[i] =
          switch (words[0]) {
            case "full" -> Double.longBitsToDouble(z);
            case "uniform" -> low + (high - low) * unit;
            case "integers" -> low + Math.floor((high - low) * unit);
            case "binades" -> binades(z, (int) low, (int) high);
            case "magnitudes" -> Math.abs(binades(z, (int) low, (int) high));
            case "mixed" -> mixed(z);
            case "zeros" -> zeros(z);
            default -> throw new IllegalArgumentException(kind);
          };
    }
    return values;
  }

  private static long splitMix(long seed, int i) {
    long z = seed + (i + 1) * 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  private static double binades(long z, int low, int high) {
    long exponent = ((z >>> 52) & 0x7ff) % (high - low + 1) + low + 1023;
    return Double.longBitsToDouble((z & 0x800FFFFFFFFFFFFFL) | (exponent << 52));
  }

  private static double mixed(long z) {
    int top = (int) (z >>> 56);
    return switch (top) {
      case 0 -> Double.POSITIVE_INFINITY;
      case 1 -> Double.NaN;
      case 2 -> Double.NEGATIVE_INFINITY;
      default -> top < 32 ? -0.0 : top < 48 ? 0.0 : binades(z, -8, 7);
    };
  }

  private static double zeros(long z) {
    if (z >>> 56 == 0) {
      return Double.NaN;
    }
    return new double[] {0.0, -0.0, -1.0, -2.0}[(int) z & 3];
  }

  /** The digest of results that come one after another. */
  static final class Digest {
    private final MessageDigest sha = sha256();

    void add(double... results) {
      add(results, results.length);
    }

    void add(double[] results, int n) {
      ByteBuffer bytes = ByteBuffer.allocate(8 * n).order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < n; i++) {
        bytes.putLong(Double.doubleToLongBits(results[i]));
      }
      sha.update(bytes.array());
    }

    String hex() {
      return HexFormat.of().formatHex(sha.digest());
    }

    private static MessageDigest sha256() {
      try {
        return MessageDigest.getInstance("SHA-256");
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** Returns lengths around what vectors and blocks hold. */
  public static int[] lengths() {
    return new int[] {
      0, 1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100, 127, 128, 129, 135,
      136, 137, 255, 256, 257, 300, 511, 513, 1000
    };
  }

  /** Returns the bits, so that signs of zeros count; every NaN is the same. */
  public static long[] bits(double[] values) {
    return Arrays.stream(values).mapToLong(Double::doubleToLongBits).toArray();
  }
}
