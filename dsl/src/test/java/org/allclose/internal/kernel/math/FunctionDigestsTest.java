package org.allclose.internal.kernel.math;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
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
 * function, in digests of a million.
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
        Arguments.of("erf", "chosen", (ArrayFunction) ElementaryFunctions::erf));
  }

  @ParameterizedTest(name = "{0}, {1} implementation")
  @MethodSource("functions")
  void function_ofTenMillionArguments_equalsTheCLibrarys(
      String name, String implementation, ArrayFunction function) throws IOException {
    assertSame("function " + name, FunctionDigests.function(function));
  }

  @Test
  void pow_ofTenMillionArguments_equalsTheCLibrarys() throws IOException {
    assertSame("pow", FunctionDigests::pow);
  }

  @Test
  void power_withScalarExponents_equalsNumpys() throws IOException {
    assertSame("power", FunctionDigests::power);
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

  private static void assertSame(String start, Computation computation) throws IOException {
    assertEquals(
        List.of(),
        FunctionDigests.different(FunctionDigests.recorded(start), computation),
        "lines whose digest is another");
  }
}
