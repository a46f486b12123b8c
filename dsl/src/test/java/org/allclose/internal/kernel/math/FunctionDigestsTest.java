package org.allclose.internal.kernel.math;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.allclose.Sampling;
import org.allclose.internal.kernel.math.FunctionDigests.ArrayFunction;
import org.allclose.internal.kernel.math.FunctionDigests.Computation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compares functions and sums with what numpy computed: no bit may differ.
 *
 * <p>Recipe: {@code python3 testdata/reference/function_digests.py}. Ten million arguments for each
 * function, in digests of a million; of those that are at random, a third unless {@link Sampling}
 * is off, not the same for each implementation.
 */
class FunctionDigestsTest {

  static Stream<Arguments> functions() {
    FunctionKernel scalar = new ScalarFunctionKernel();
    return Stream.of(
        Arguments.of("exp", "scalar", (ArrayFunction) scalar::exp),
        Arguments.of("log", "scalar", (ArrayFunction) scalar::log),
        Arguments.of("tanh", "scalar", (ArrayFunction) scalar::tanh),
        Arguments.of("exp", "chosen", (ArrayFunction) ElementaryFunctions::exp),
        Arguments.of("log", "chosen", (ArrayFunction) ElementaryFunctions::log),
        Arguments.of("tanh", "chosen", (ArrayFunction) ElementaryFunctions::tanh),
        Arguments.of("expm1", "chosen", (ArrayFunction) ElementaryFunctions::expm1),
        Arguments.of("log1p", "chosen", (ArrayFunction) ElementaryFunctions::log1p),
        Arguments.of("erf", "chosen", (ArrayFunction) ElementaryFunctions::erf),
        Arguments.of("sin", "chosen", (ArrayFunction) ElementaryFunctions::sin),
        Arguments.of("cos", "chosen", (ArrayFunction) ElementaryFunctions::cos));
  }

  @ParameterizedTest(name = "{0}, {1} implementation")
  @MethodSource("functions")
  void function_ofTenMillionArguments_equalsTheCLibrarys(
      String name, String implementation, ArrayFunction function) throws IOException {
    int first = implementation.equals("scalar") ? 0 : 1;
    List<String> lines = sample(first, FunctionDigests.recorded("function " + name));
    assertSame(lines, FunctionDigests.function(function));
  }

  @Test
  void pow_ofTenMillionArguments_equalsTheCLibrarys() throws IOException {
    assertSame(sample(0, FunctionDigests.recorded("pow")), FunctionDigests::pow);
  }

  @Test
  void power_withScalarExponents_equalsNumpys() throws IOException {
    assertSame(sample(0, FunctionDigests.recorded("power")), FunctionDigests::power);
  }

  @Test
  void sums_ofAllLengthsAndStrides_equalNumpys() throws IOException {
    assertSame("lengths", FunctionDigests::lengths);
  }

  @Test
  void sumOfSquares_ofAllLengths_equalsNumpys() throws IOException {
    assertSame("squares", FunctionDigests::squares);
  }

  @Test
  void maxima_ofAllLengths_equalNumpys() throws IOException {
    assertSame("maxima", FunctionDigests::maxima);
  }

  @Test
  void reductions_ofMatrices_equalNumpys() throws IOException {
    assertSame("matrix", FunctionDigests::matrix);
  }

  @Test
  void sums_ofImages_equalNumpys() throws IOException {
    assertSame("images", FunctionDigests::images);
  }

  @Test
  void reductions_ofStridedViews_equalNumpys() throws IOException {
    assertSame("view", FunctionDigests::view);
  }

  @Test
  void elementwisePasses_equalNumpys() throws IOException {
    assertSame("elementwise", FunctionDigests::elementwise);
  }

  @Test
  void softmax_equalsNumpys() throws IOException {
    assertSame("softmax", FunctionDigests::softmax);
  }

  /** Returns the lines of special arguments, and a sample of the others. */
  private static List<String> sample(int first, List<String> lines) {
    List<String> special = lines.stream().filter(line -> line.contains(" special ")).toList();
    List<String> others = lines.stream().filter(line -> !special.contains(line)).toList();
    return Stream.of(special, Sampling.everyOf(3, first, others)).flatMap(List::stream).toList();
  }

  private static void assertSame(String start, Computation computation) throws IOException {
    assertSame(FunctionDigests.recorded(start), computation);
  }

  private static void assertSame(List<String> lines, Computation computation) {
    assertEquals(
        List.of(), FunctionDigests.different(lines, computation), "lines whose digest is another");
  }
}
