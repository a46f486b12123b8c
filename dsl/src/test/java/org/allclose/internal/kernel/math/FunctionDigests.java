package org.allclose.internal.kernel.math;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.allclose.internal.kernel.elementwise.Elementwise;
import org.allclose.internal.kernel.elementwise.Softmax;
import org.allclose.internal.kernel.math.Streams.Digest;
import org.allclose.internal.kernel.reduce.Maxima;
import org.allclose.internal.kernel.reduce.Reduction;
import org.allclose.internal.kernel.reduce.Sums;

/**
 * Computes the digests that {@code testdata/reference/function_digests.py} recorded of numpy; that
 * script says what each line means.
 */
final class FunctionDigests {
  private static final int COUNT = 1_000_000;
  private static final int LENGTHS = 2000;

  private FunctionDigests() {}

  /** Returns the recorded lines that start with a word. */
  static List<String> recorded(String word) throws IOException {
    Path file = Path.of(System.getProperty("allclose.testdata"), "digests", "functions.txt");
    List<String> lines = Files.readAllLines(file);
    List<String> chosen = lines.stream().filter(line -> line.startsWith(word + " ")).toList();
    if (chosen.isEmpty()) {
      throw new IllegalStateException(file + ": no line starts with '" + word + "'");
    }
    return chosen;
  }

  /** Returns those of the lines whose digest is not the one that is computed. */
  static List<String> different(List<String> lines, Computation computation) {
    return lines.stream().filter(line -> !compute(line, computation).equals(line)).toList();
  }

  /** Returns a recorded line with the digest of what is computed. */
  private static String compute(String line, Computation computation) {
    String[] words = line.split(" ", -1);
    Digest digest = new Digest();
    computation.compute(words, digest);
    words[words.length - 1] = digest.hex();
    return String.join(" ", words);
  }

  /** Adds the results for a line's words to a digest. */
  @FunctionalInterface
  interface Computation {
    void compute(String[] words, Digest digest);
  }

  /** A function of one array that writes to another. */
  @FunctionalInterface
  interface ArrayFunction {
    void apply(double[] x, int xOffset, double[] y, int yOffset, int n);
  }

  /** {@code function NAME KIND SEED}. */
  static Computation function(ArrayFunction function) {
    return (words, digest) -> {
      double[] x = Streams.values(words[2], Long.parseLong(words[3]), COUNT);
      function.apply(x, 0, x, 0, x.length);
      digest.add(x);
    };
  }

  /** {@code pow KIND KIND SEED}. */
  static void pow(String[] words, Digest digest) {
    double[] x = Streams.values(words[1], Long.parseLong(words[3]), COUNT);
    double[] y = Streams.values(words[2], Long.parseLong(words[3]) + 1, COUNT);
    if (words[1].equals("special")) {
      for (double base : x) {
        digest.add(Arrays.stream(y).map(v -> ElementaryFunctions.pow(base, v)).toArray());
      }
      return;
    }
    for (int i = 0; i < x.length; i++) {
      x[i] = ElementaryFunctions.pow(x[i], y[i]);
    }
    digest.add(x);
  }

  /** {@code power EXPONENT KIND SEED}. */
  static void power(String[] words, Digest digest) {
    double[] x = Streams.values(words[2], Long.parseLong(words[3]), COUNT);
    ElementaryFunctions.power(x, 0, Double.parseDouble(words[1]), x, 0, x.length);
    digest.add(x);
  }

  /** {@code lengths KIND STRIDE SEED}. */
  static void lengths(String[] words, Digest digest) {
    int stride = Integer.parseInt(words[2]);
    int size = LENGTHS * Math.abs(stride);
    double[] x = Streams.values(words[1], Long.parseLong(words[3]), size);
    int offset = stride > 0 ? 0 : size - 1;
    double[] result = new double[1];
    for (int n = 0; n <= LENGTHS; n++) {
      digest.add(Sums.of(x, offset, stride, n));
      Reduction reduction = Reduction.of(new int[] {n}, new int[] {stride}, 0);
      if (stride == 1) {
        digest.add(Sums.mean(x, offset, n), Sums.variance(x, offset, n));
      } else {
        reduction.mean(x, offset, result);
        digest.add(result);
        reduction.variance(x, offset, result);
        digest.add(result);
      }
    }
  }

  /** {@code squares KIND SEED}. */
  static void squares(String[] words, Digest digest) {
    double[] x = Streams.values(words[1], Long.parseLong(words[2]), LENGTHS);
    for (int n = 0; n <= LENGTHS; n++) {
      digest.add(Sums.ofSquares(x, n));
    }
  }

  /** {@code maxima KIND STRIDE SEED}. */
  static void maxima(String[] words, Digest digest) {
    int stride = Integer.parseInt(words[2]);
    double[] result = new double[1];
    for (int n = 1; n <= 300; n++) {
      int size = n * Math.abs(stride);
      double[] x = Streams.values(words[1], Long.parseLong(words[3]) + n, size);
      int offset = stride > 0 ? 0 : size - 1;
      if (stride == 1) {
        digest.add(Maxima.of(x, 0, n));
      } else {
        Reduction.of(new int[] {n}, new int[] {stride}, 0).max(x, offset, result);
        digest.add(result);
      }
      double[] dense = IntStream.range(0, n).mapToDouble(i -> x[offset + i * stride]).toArray();
      digest.add(Maxima.argMax(dense, 0, n));
    }
  }

  /** {@code matrix ROWS COLUMNS KIND SEED}. */
  static void matrix(String[] words, Digest digest) {
    int rows = Integer.parseInt(words[1]);
    int columns = Integer.parseInt(words[2]);
    double[] x = Streams.values(words[3], Long.parseLong(words[4]), rows * columns);
    int longest = Math.max(rows, columns);
    double[] sum = garbage(longest);
    double[] mean = garbage(longest);
    double[] variance = garbage(longest);
    Sums.overRows(x, rows, columns, sum);
    Sums.momentsOverRows(x, rows, columns, mean, variance);
    digest.add(sum, columns);
    digest.add(mean, columns);
    digest.add(variance, columns);
    Sums.ofRows(x, rows, columns, sum);
    Sums.momentsOfRows(x, rows, columns, mean, variance);
    digest.add(sum, rows);
    digest.add(mean, rows);
    digest.add(variance, rows);
    Maxima.ofRows(x, rows, columns, sum);
    digest.add(sum, rows);
  }

  /** {@code images N C H W KIND SEED}. */
  static void images(String[] words, Digest digest) {
    int n = Integer.parseInt(words[1]);
    int c = Integer.parseInt(words[2]);
    int plane = Integer.parseInt(words[3]) * Integer.parseInt(words[4]);
    double[] x = Streams.values(words[5], Long.parseLong(words[6]), n * c * plane);
    double[] sum = garbage(n * c);
    double[] mean = garbage(c);
    double[] variance = garbage(c);
    Sums.ofChannels(x, n, c, plane, sum);
    Sums.momentsOfChannels(x, n, c, plane, mean, variance);
    digest.add(sum, c);
    digest.add(mean);
    digest.add(variance);
    Sums.ofRows(x, n * c, plane, sum);
    digest.add(sum);
    Sums.ofRows(x, n, c * plane, sum);
    digest.add(sum, n);
  }

  /** {@code view SHAPE STRIDES OFFSET AXES SEED}. */
  static void view(String[] words, Digest digest) {
    int[] shape = numbers(words[1]);
    int[] strides = numbers(words[2]);
    int offset = Integer.parseInt(words[3]);
    Reduction reduction = Reduction.of(shape, strides, numbers(words[4]));
    int last = offset;
    for (int axis = 0; axis < shape.length; axis++) {
      last += Math.max(0, (shape[axis] - 1) * strides[axis]);
    }
    double[] x = Streams.values("uniform:-1:1", Long.parseLong(words[5]), last + 1);
    double[] zeros = Streams.values("zeros", Long.parseLong(words[5]), last + 1);
    double[][] results = new double[4][];
    for (int i = 0; i < results.length; i++) {
      results[i] = garbage(reduction.resultSize());
    }
    reduction.sum(x, offset, results[0]);
    reduction.mean(x, offset, results[1]);
    reduction.variance(x, offset, results[2]);
    reduction.max(zeros, offset, results[3]);
    for (double[] result : results) {
      digest.add(result);
    }
  }

  /** {@code elementwise NAME N SEED}. */
  static void elementwise(String[] words, Digest digest) {
    int n = Integer.parseInt(words[2]);
    long seed = Long.parseLong(words[3]);
    double[] x = Streams.values("mixed", seed, n);
    double[] y = Streams.values("mixed", seed + 1, n);
    double[] z = Streams.values("mixed", seed + 2, n);
    double[] row = Streams.values("mixed", seed + 3, 7);
    switch (words[1]) {
      case "relu" -> Elementwise.relu(x, x, n);
      case "reluGradient" -> Elementwise.reluGradient(x, y, x, n);
      case "addRow" -> Elementwise.addRow(x, row, n / 7, 7);
      case "addRowRelu" -> Elementwise.addRowRelu(x, row, n / 7, 7);
      case "addScaled" -> Elementwise.addScaled(y, 0.3, x, n);
      case "subtractScaled" -> Elementwise.subtractScaled(y, 0.3, x, n);
      case "momentumStep" -> Elementwise.momentumStep(z, y, 0.9, 0.3, x, n);
      default -> throw new IllegalArgumentException(words[1]);
    }
    switch (words[1]) {
      case "addScaled", "subtractScaled" -> digest.add(y);
      case "momentumStep" -> {
        digest.add(y);
        digest.add(z);
      }
      default -> digest.add(x);
    }
  }

  /** {@code softmax ROWS CLASSES KIND SEED}. */
  static void softmax(String[] words, Digest digest) {
    int rows = Integer.parseInt(words[1]);
    int classes = Integer.parseInt(words[2]);
    long seed = Long.parseLong(words[4]);
    double[] x = Streams.values(words[3], seed, rows * classes);
    double[] labels = Streams.values("integers:0:" + classes, seed + 1, rows);
    double[] gradient = garbage(x.length);
    int[] classOfRow = IntStream.range(0, rows).map(i -> (int) labels[i]).toArray();
    digest.add(Softmax.loss(x, classOfRow, rows, classes, gradient));
    digest.add(gradient);
    Softmax.probabilities(x, rows, classes, x);
    digest.add(x);
  }

  /** What an output must not be left with. */
  private static double[] garbage(int n) {
    double[] values = new double[n];
    Arrays.fill(values, 1234.5);
    return values;
  }

  private static int[] numbers(String word) {
    return Arrays.stream(word.split(",", -1)).mapToInt(Integer::parseInt).toArray();
  }
}
