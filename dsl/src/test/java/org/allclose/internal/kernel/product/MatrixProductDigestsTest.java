package org.allclose.internal.kernel.product;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.allclose.Sampling;
import org.allclose.internal.kernel.runtime.Parallel;
import org.junit.jupiter.api.Test;

/**
 * Compares matrix products with numpy's: no bit may differ.
 *
 * <p>Recipe: {@code python3 testdata/reference/kernel_digests.py}. All m and n in 1 … 40 with 34
 * values of k, plain and transposed operands, a matrix and its own transpose, larger shapes, and
 * infinities, NaN, zeros and underflow.
 *
 * <p>Each test takes another sample, unless {@link Sampling} is off: all large shapes of ordinary
 * numbers, a fifth of all else, and a twentieth of products that underflow, for which processors
 * take many times as long. The fifths are different ones for each way to compute.
 */
class MatrixProductDigestsTest {
  private static final Path TESTDATA = Path.of(System.getProperty("allclose.testdata"));

  @Test
  void reference_ofFewTerms_equalsNumpy() throws IOException {
    List<String> lines =
        KernelDigests.recorded(TESTDATA).stream()
            .filter(line -> line.startsWith("sweep"))
            .filter(line -> Integer.parseInt(line.split(" ", -1)[3]) <= 31)
            .toList();
    assertSame(new ReferenceProductKernel(), Parallel.serial(), 1, 1, sample(3, lines));
  }

  @Test
  void reference_ofLargeShapes_equalsNumpy() throws IOException {
    List<String> lines =
        KernelDigests.recorded(TESTDATA).stream()
            .filter(line -> line.startsWith("shape full"))
            .toList();
    assertSame(
        new ReferenceProductKernel(), Parallel.serial(), 1, 1, Sampling.everyOf(2, 0, lines));
  }

  @Test
  void scalar_equalsNumpy() throws IOException {
    List<String> lines = sample(0, KernelDigests.recorded(TESTDATA));
    assertSame(new ScalarProductKernel(), Parallel.serial(), 1, 1, lines);
  }

  @Test
  void scalar_onTwoThreads_equalsNumpy() throws IOException {
    List<String> lines = sample(1, KernelDigests.recorded(TESTDATA));
    assertSame(new ScalarProductKernel(), Parallel.of(2), 2, 2, lines);
  }

  @Test
  void chosenKernel_equalsNumpy() throws IOException {
    List<String> lines = sample(2, KernelDigests.recorded(TESTDATA));
    assertSame(MatrixProduct.kernel(), Parallel.serial(), 1, 1, lines);
  }

  @Test
  void chosenKernel_onTwoThreads_equalsNumpy() throws IOException {
    List<String> lines = sample(3, KernelDigests.recorded(TESTDATA));
    assertSame(MatrixProduct.kernel(), Parallel.of(2), 1, 2, lines);
  }

  @Test
  void chosenKernel_onFourThreads_equalsNumpy() throws IOException {
    List<String> lines = sample(4, KernelDigests.recorded(TESTDATA));
    assertSame(MatrixProduct.kernel(), Parallel.of(4), 3, 4, lines);
  }

  /** Returns a sample of lines. */
  private static List<String> sample(int first, List<String> lines) {
    List<String> ordinary = select(lines, line -> line.startsWith("shape full "));
    List<String> tiny = select(lines, line -> line.split(" ", -1)[1].equals("tiny"));
    List<String> others = select(lines, line -> !ordinary.contains(line) && !tiny.contains(line));
    return Stream.of(
            ordinary, Sampling.everyOf(5, first, others), Sampling.everyOf(20, 4 * first, tiny))
        .flatMap(List::stream)
        .toList();
  }

  private static List<String> select(List<String> lines, Predicate<String> condition) {
    return lines.stream().filter(condition).toList();
  }

  private static void assertSame(
      ProductKernel kernel, Parallel parallel, int rowParts, int columnParts, List<String> lines) {
    assertTrue(lines.size() >= 30, "too few lines: " + lines.size());
    KernelDigests digests = new KernelDigests(kernel, parallel, rowParts, columnParts);
    assertEquals(List.of(), digests.different(lines), "lines whose digest is another");
  }
}
