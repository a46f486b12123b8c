package org.allclose.internal.kernel.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.allclose.internal.kernel.product.MatrixProduct;
import org.allclose.internal.kernel.reduce.Sums;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A processor without FMA, as {@code -XX:-UseFMA} has it, is told of once; the bits are the same.
 */
class FusedMultiplyAddTest {
  private static final String SCALAR =
      "INFO: kernels: scalar loops; for the fast ones start Java with --add-modules"
          + " jdk.incubator.vector";

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void log_tellsOfAProcessorWithoutFma(boolean hasFma) throws Exception {
    String slow =
        "; without FMA instructions, for which Java does the same in software, many times slower";
    assertEquals(
        List.of(SCALAR + (hasFma ? "" : slow), "sum " + sum()),
        run("-XX:" + (hasFma ? "+" : "-") + "UseFMA"));
  }

  private static List<String> run(String option) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                option,
                "-XX:TieredStopAtLevel=1",
                "-Djava.util.logging.SimpleFormatter.format=%4$s: %5$s%n",
                "-cp",
                System.getProperty("java.class.path"),
                FusedMultiplyAddTest.Run.class.getName())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    return output.lines().filter(line -> !line.contains("warning")).toList();
  }

  /** Multiplies twice by a matrix that is not small, and adds up. */
  private static double sum() {
    int n = 102;
    double[] a = new double[n * n];
    for (int i = 0; i < a.length; i++) {
      a[i] = Math.sqrt(i);
    }
    double[] c = new double[n * n];
    MatrixProduct product = MatrixProduct.builder(n, n, n).transposeB().build();
    for (int i = 0; i < 2; i++) {
      product.run(a, a, c);
    }
    return Sums.of(c, 0, c.length);
  }

  /** The process without FMA. */
  static final class Run {
    private Run() {}

    public static void main(String[] arguments) {
      System.out.println("sum " + sum());
    }
  }
}
