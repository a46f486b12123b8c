package org.allclose.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Optional;
import org.allclose.jnpy.DType;
import org.allclose.jnpy.Npy;
import org.allclose.jnpy.NpyArray;
import org.allclose.jnpy.NpyHeader;
import org.junit.jupiter.api.Test;

class ValueRangeTest {
  private static ValueRange range(Number least, Number greatest, long nans) {
    return new ValueRange(Optional.of(least), Optional.of(greatest), nans);
  }

  @Test
  void of_floatingPoint_leavesNansOut() {
    double nan = Double.NaN;
    assertEquals(
        range(-2.0, 5.0, 2), ValueRange.of(NpyArray.of(new double[] {nan, 5, -2, nan, 0}, 5)));
    assertEquals(
        range(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, 0),
        ValueRange.of(
            NpyArray.of(new float[] {1, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}, 3)));
    assertEquals(
        range(1.0, 2.0, 0),
        ValueRange.of(NpyArray.wrap(DType.FLOAT16, new short[] {0x4000, 0x3c00}, 2)));
    assertEquals(range(-0.0, 0.0, 0), ValueRange.of(NpyArray.of(new double[] {0.0, -0.0}, 2)));
  }

  @Test
  void of_noNumbers_isEmpty() {
    ValueRange empty = new ValueRange(Optional.empty(), Optional.empty(), 0);
    assertEquals(empty, ValueRange.of(NpyArray.of(new double[0], 0)));
    assertEquals(empty, ValueRange.of(NpyArray.of(new int[0], 3, 0)));
    assertEquals(empty, ValueRange.of(NpyArray.wrap(DType.UINT64, new long[0], 0)));
    assertEquals(
        new ValueRange(Optional.empty(), Optional.empty(), 1),
        ValueRange.of(NpyArray.of(new double[] {Double.NaN})));
  }

  @Test
  void of_integers_isExact() {
    assertEquals(
        range(Long.MIN_VALUE, Long.MAX_VALUE, 0),
        ValueRange.of(NpyArray.of(new long[] {3, Long.MAX_VALUE, Long.MIN_VALUE}, 3)));
    assertEquals(range(3L, 200L, 0), ValueRange.of(NpyArray.of(new byte[] {3, (byte) 200}, 2)));
    assertEquals(range(0L, 1L, 0), ValueRange.of(NpyArray.of(new boolean[] {true, false}, 2)));
    assertEquals(
        range(BigInteger.TWO, BigInteger.TWO.pow(64).subtract(BigInteger.ONE), 0),
        ValueRange.of(NpyArray.wrap(DType.UINT64, new long[] {2, -1, Long.MIN_VALUE}, 3)));
  }

  @Test
  void of_manyElements_seesTheLast() {
    int n = 3 * 8192 + 1;
    double[] doubles = new double[n];
    doubles[n - 1] = 7;
    doubles[8192] = -7;
    assertEquals(range(-7.0, 7.0, 0), ValueRange.of(NpyArray.wrap(DType.FLOAT64, doubles, n)));
    long[] longs = Arrays.stream(doubles).mapToLong(d -> (long) d).toArray();
    assertEquals(range(-7L, 7L, 0), ValueRange.of(NpyArray.wrap(DType.INT64, longs, n)));
    longs[8192] = 0;
    assertEquals(
        range(BigInteger.ZERO, BigInteger.valueOf(7), 0),
        ValueRange.of(NpyArray.wrap(DType.UINT64, longs, n)));
  }

  @Test
  void of_rowsInFortranOrder_seesThoseAlone() throws IOException {
    byte[] header = NpyHeader.of(DType.UINT8, true, 2, 2).toBytes();
    byte[] file = Arrays.copyOf(header, header.length + 4);
    System.arraycopy(new byte[] {1, 2, 3, 4}, 0, file, header.length, 4);
    NpyArray array = Npy.read(new ByteArrayInputStream(file));
    assertTrue(array.fortranOrder());
    assertEquals(range(1L, 4L, 0), ValueRange.of(array));
    assertEquals(range(2L, 4L, 0), ValueRange.of(array.rows(1, 2)));
  }

  @Test
  void and_joins() {
    ValueRange empty = new ValueRange(Optional.empty(), Optional.empty(), 2);
    assertEquals(range(1.0, 2.0, 3), range(1.0, 2.0, 1).and(empty));
    assertEquals(range(1.0, 2.0, 3), empty.and(range(1.0, 2.0, 1)));
    assertEquals(new ValueRange(Optional.empty(), Optional.empty(), 4), empty.and(empty));
    assertEquals(range(0.5, 3.0, 5), range(1.0, 3.0, 2).and(range(0.5, 2.0, 3)));
    assertEquals(range(1.0, 3.0, 0), range(1.0, 2.0, 0).and(range(1.0, 3.0, 0)));
    assertEquals(range(-5L, 9L, 0), range(-5L, 3L, 0).and(range(1L, 9L, 0)));
    assertEquals(range(-5L, 9L, 0), range(1L, 9L, 0).and(range(-5L, 3L, 0)));
    BigInteger large = BigInteger.TWO.pow(63);
    assertEquals(
        range(BigInteger.ONE, large, 0),
        range(large, large, 0).and(range(BigInteger.ONE, BigInteger.ONE, 0)));
    assertEquals(
        range(BigInteger.ONE, large, 0),
        range(BigInteger.ONE, BigInteger.ONE, 0).and(range(large, large, 0)));
  }

  @Test
  void of_whatIsNoNumber_isRefused() {
    assertThrows(IllegalStateException.class, () -> ValueRange.of(NpyArray.of(new String[] {"x"})));
    assertThrows(
        IllegalStateException.class,
        () -> ValueRange.of(NpyArray.wrap(DType.COMPLEX64, new float[2])));
  }
}
