package org.allclose.internal.kernel.product;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.allclose.internal.kernel.runtime.Parallel;

/**
 * Computes the digests that {@code testdata/reference/kernel_digests.py} records of numpy's matrix
 * products; that script says how inputs are made and what is hashed.
 */
final class KernelDigests {
  private static final int SIDE = 40;
  private static final int LENGTH = 1 << 20;

  private final ProductKernel kernel;
  private final Parallel parallel;
  private final int rowParts;
  private final int columnParts;
  private final Map<String, double[]> pools = new HashMap<>();
  private final MatrixProduct.Call call = new MatrixProduct.Call();

  /**
   * @param rowParts into how many parts the rows of each product are cut, where there are enough
   * @param columnParts the same for columns
   */
  KernelDigests(ProductKernel kernel, Parallel parallel, int rowParts, int columnParts) {
    this.kernel = kernel;
    this.parallel = parallel;
    this.rowParts = rowParts;
    this.columnParts = columnParts;
  }

  /** Returns the lines of the recorded file. */
  static List<String> recorded(Path testdata) throws IOException {
    Path file = testdata.resolve("digests/matrix_product.txt");
    List<String> lines =
        Files.readAllLines(file).stream().filter(line -> !line.startsWith("#")).toList();
    if (lines.isEmpty()) {
      throw new IllegalStateException(file + ": expected digests but there is none");
    }
    return lines;
  }

  /** Returns those of the lines for which this kernel gives another digest. */
  List<String> different(List<String> lines) {
    return lines.stream().filter(line -> !compute(line).equals(line)).toList();
  }

  /** Returns a recorded line with the digest that this kernel gives. */
  private String compute(String line) {
    String[] words = line.split(" ", -1);
    boolean symmetric = words[2].equals("AAt") || words[2].equals("AtA");
    boolean transposeA = words[2].startsWith("At");
    boolean transposeB = words[2].endsWith("Bt") || words[2].equals("AAt");
    double[] a = pool(1, words[1]);
    double[] b = symmetric ? a : pool(2, words[1]);
    MessageDigest digest = sha256();
    if (words[0].equals("shape")) {
      int m = Integer.parseInt(words[3]);
      int n = Integer.parseInt(words[4]);
      int k = Integer.parseInt(words[5]);
      add(digest, product(transposeA, transposeB, m, n, k, a, b));
    } else {
      int k = Integer.parseInt(words[3]);
      for (int m = 1; m <= SIDE; m++) {
        for (int n = symmetric ? m : 1; n <= (symmetric ? m : SIDE); n++) {
          add(digest, product(transposeA, transposeB, m, n, k, a, b));
        }
      }
    }
    words[words.length - 1] = HexFormat.of().formatHex(digest.digest());
    return String.join(" ", words);
  }

  private double[] product(
      boolean transposeA, boolean transposeB, int m, int n, int k, double[] a, double[] b) {
    double[] c = new double[m * n];
    Arrays.fill(c, 1234.5);
    MatrixProduct plan =
        MatrixProduct.builder(m, n, k).transposeA(transposeA).transposeB(transposeB).build();
    call.product.set(plan, a, 0, b, 0, c, 0);
    call.run(kernel, parallel, Partition.atMost(m, n, rowParts, columnParts));
    return c;
  }

  private double[] pool(int seed, String stream) {
    return pools.computeIfAbsent(seed + stream, key -> values(seed, stream, LENGTH));
  }

  /** Returns the first values of a stream. */
  static double[] values(int seed, String stream, int count) {
    long exponent = stream.equals("tiny") ? 1015 - 536 : 1015;
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      long z = seed + (i + 1) * 0x9E3779B97F4A7C15L;
      z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
      z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
      z ^= z >>> 31;
      long bits = (z & 0x800FFFFFFFFFFFFFL) | (((z >>> 52 & 15) + exponent) << 52);
      values[i] = Double.longBitsToDouble(bits);
      if (stream.equals("special")) {
        values[i] = special((int) (z >>> 56), values[i]);
      }
    }
    return values;
  }

  private static double special(int kind, double value) {
    return switch (kind) {
      case 0 -> Double.POSITIVE_INFINITY;
      case 1 -> Double.NaN;
      case 2 -> Double.NEGATIVE_INFINITY;
      default -> kind < 32 ? -0.0 : kind < 48 ? 0.0 : value;
    };
  }

  private static void add(MessageDigest digest, double[] result) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * result.length).order(ByteOrder.LITTLE_ENDIAN);
    for (double value : result) {
      bytes.putLong(Double.doubleToLongBits(value));
    }
    digest.update(bytes.array());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Prints one line of a table: how many digests this JVM's kernel reproduces, as it is set up by
   * the system properties. Exits with status 1 if it is not all of them.
   *
   * <p>Argument: the directory {@code testdata}.
   */
  public static void main(String[] arguments) throws IOException {
    Parallel parallel = Parallel.ofDefault();
    int threads = parallel.threads();
    KernelDigests digests =
        new KernelDigests(MatrixProduct.kernel(), parallel, Math.max(1, threads / 2), threads);
    List<String> recorded = recorded(Path.of(arguments[0]));
    List<String> different = digests.different(recorded);
    System.out.printf(
        Locale.ROOT,
        "| JDK %s | %s | %d | %d of %d equal |%n",
        Runtime.version().feature(),
        MatrixProduct.kernel(),
        threads,
        recorded.size() - different.size(),
        recorded.size());
    if (!different.isEmpty()) {
      different.stream().limit(20).forEach(System.out::println);
      System.exit(1);
    }
  }
}
