package org.allclose.random;

import static org.allclose.random.NumpyRandomStateTest.assertMessage;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class IntegerRangeTest {

  /** {@code np.iinfo(dtype)}. */
  @ParameterizedTest
  @CsvSource({
    "INT8,int8,-128,127",
    "INT16,int16,-32768,32767",
    "INT32,int32,-2147483648,2147483647",
    "INT64,int64,-9223372036854775808,9223372036854775807",
    "UINT8,uint8,0,255",
    "UINT16,uint16,0,65535",
    "UINT32,uint32,0,4294967295",
    "UINT64,uint64,0,-1",
    "BOOL,bool,0,1"
  })
  void types_haveNumpysNamesAndLimits(IntegerType type, String dtype, long min, long max) {
    assertEquals(dtype, type.dtype());
    assertEquals(new IntegerRange(type, min, max), type.fullRange());
    assertEquals(dtype.startsWith("int"), type.isSigned());
  }

  @Test
  void of_isTheHalfOpenRangeOfInt64() {
    assertEquals(new IntegerRange(IntegerType.INT64, -3, 4), IntegerRange.of(-3, 5));
    assertEquals(IntegerType.INT64.closedRange(-3, 4), IntegerRange.of(-3, 5));
  }

  @Test
  void uint64_isUnsigned() {
    IntegerRange range = IntegerType.UINT64.range(Long.MAX_VALUE, Long.MIN_VALUE + 5);
    assertEquals(5, range.width());
    assertMessage(
        "range of uint64: expected low < high but got 18446744073709551615 and 0",
        () -> IntegerType.UINT64.range(-1, 0));
  }

  /** A range of one value draws nothing: {@code RandomState.randint(5, 6)} leaves the state. */
  @ParameterizedTest
  @EnumSource(IntegerType.class)
  void oneValue_drawsNothing(IntegerType type) {
    NumpyRandomState random = NumpyRandomState.seed(1);
    MersenneTwisterState before = random.getState();
    assertEquals(1, random.randint(type.closedRange(1, 1)));
    assertEquals(before, random.getState());
    NumpyGenerator generator = NumpyGenerator.seed(1);
    Pcg64State start = generator.getState();
    assertEquals(1, generator.integers(type.closedRange(1, 1)));
    assertEquals(start, generator.getState());
  }

  @ParameterizedTest
  @EnumSource(IntegerType.class)
  void numbers_stayInTheRange(IntegerType type) {
    IntegerRange range = type.closedRange(type.maxValue() == 1 ? 0 : 1, type.maxValue());
    for (long number : NumpyRandomState.seed(1).randint(range, 1000)) {
      assertTrue(type.compare(number, range.first()) >= 0);
      assertFalse(type.compare(number, range.last()) > 0);
    }
  }

  @Test
  void errors_areThoseOfNumpy() {
    assertMessage(
        "range of int64: expected low < high but got 5 and 5", () -> IntegerRange.of(5, 5));
    assertMessage(
        "range of int64: expected low <= high but got 5 and 4",
        () -> IntegerType.INT64.closedRange(5, 4));
    assertMessage(
        "range of uint8: expected a low of 0 to 255 but got -1",
        () -> IntegerType.UINT8.range(-1, 5));
    assertMessage(
        "range of uint8: expected a last value of 0 to 255 but got 299",
        () -> IntegerType.UINT8.range(0, 300));
    assertMessage(
        "range of bool: expected a last value of 0 to 1 but got 2",
        () -> IntegerType.BOOL.range(0, 3));
    assertMessage(
        "range of int8: expected a low of -128 to 127 but got -129",
        () -> IntegerType.INT8.range(-129, 5));
  }
}
