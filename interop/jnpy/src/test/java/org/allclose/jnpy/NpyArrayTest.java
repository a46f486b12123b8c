package org.allclose.jnpy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.ShortBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class NpyArrayTest {
  @Test
  void of_copiesTheValues() {
    double[] doubles = {1, 2};
    float[] floats = {1, 2};
    long[] longs = {1, 2};
    int[] ints = {1, 2};
    short[] shorts = {1, 2};
    byte[] bytes = {1, 2};
    NpyArray[] arrays = {
      NpyArray.of(doubles, 2), NpyArray.of(floats, 2), NpyArray.of(longs, 2),
      NpyArray.of(ints, 2), NpyArray.of(shorts, 2), NpyArray.of(bytes, 2)
    };
    doubles[0] = 9;
    floats[0] = 9;
    longs[0] = 9;
    ints[0] = 9;
    shorts[0] = 9;
    bytes[0] = 9;
    String[] dtypes = {"<f8", "<f4", "<i8", "<i4", "<i2", "|u1"};
    for (int i = 0; i < arrays.length; i++) {
      assertEquals(dtypes[i] + " (2,) C", arrays[i].toString());
      assertArrayEquals(new double[] {1, 2}, arrays[i].toDoubles());
    }
  }

  @Test
  void wrap_sharesTheValues() {
    double[] values = {1, 2, 3, 4};
    NpyArray array = NpyArray.wrap(DType.FLOAT64, values, 2, 2);
    NpyArray complex = NpyArray.wrap(DType.COMPLEX128, values, 2);
    values[3] = 9;
    assertArrayEquals(new double[] {1, 2, 3, 9}, array.toDoubles());
    assertArrayEquals(new double[] {1, 2, 3, 9}, complex.toInterleaved());
    assertArrayEquals(new double[] {-1}, NpyArray.wrap(DType.INT8, new byte[] {-1}).toDoubles());
    assertArrayEquals(new double[] {255}, NpyArray.wrap(DType.UINT8, new byte[] {-1}).toDoubles());
    assertArrayEquals(
        new double[] {65535}, NpyArray.wrap(DType.UINT16, new short[] {-1}).toDoubles());
    assertArrayEquals(
        new double[] {4294967295.0}, NpyArray.wrap(DType.UINT32, new int[] {-1}).toDoubles());
    assertArrayEquals(new long[] {-1}, NpyArray.wrap(DType.INT64, new long[] {-1}).toLongs());
    assertArrayEquals(
        new double[] {1.5}, NpyArray.wrap(DType.FLOAT32, new float[] {1.5f}).toDoubles());
  }

  @Test
  void wrap_ofOtherPrimitives_isRefused() {
    assertRefused(
        "dtype <f8: expected double values but got float",
        () -> NpyArray.wrap(DType.FLOAT64, new float[1]));
    assertRefused(
        "dtype <i4: expected int values but got long",
        () -> NpyArray.wrap(DType.INT32, new long[1]));
    assertRefused(
        "dtype |b1: expected byte values but got short",
        () -> NpyArray.wrap(DType.BOOL, new short[1]));
  }

  @Test
  void of_anotherNumberOfValues_isRefused() {
    assertRefused(
        "shape (2, 3) of <f8: expected 6 double values but got 5",
        () -> NpyArray.of(new double[5], 2, 3));
    assertRefused(
        "shape () of <i4: expected 1 int values but got 2", () -> NpyArray.of(new int[2]));
    assertRefused(
        "shape (2,) of <c8: expected 4 float values but got 2",
        () -> NpyArray.wrap(DType.COMPLEX64, new float[2], 2));
    assertRefused(
        "header: shape: expected lengths of at least 0 but got (-1,)",
        () -> NpyArray.of(new double[1], -1));
  }

  private static void assertRefused(String message, Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }

  @Test
  void of_booleans_areBytes() {
    NpyArray array = NpyArray.of(new boolean[] {true, false, true}, 3);
    assertEquals("|b1 (3,) C", array.toString());
    assertArrayEquals(new boolean[] {true, false, true}, array.toBooleans());
    assertArrayEquals(new int[] {1, 0, 1}, array.toInts());
    assertArrayEquals(
        new boolean[] {true, false}, NpyArray.wrap(DType.BOOL, new byte[] {-7, 0}, 2).toBooleans());
    assertArrayEquals(
        new long[] {1, 0}, NpyArray.wrap(DType.BOOL, new byte[] {-7, 0}, 2).toLongs());
  }

  @Test
  void of_strings_takesTheLongest() {
    String[] values = {"a", "", "\ud83d\ude00bc"};
    NpyArray array = NpyArray.of(values, 3);
    assertEquals("<U3 (3,) C", array.toString());
    assertArrayEquals(values, array.toStrings());
    // numpy: np.array(['']).dtype is <U1
    assertEquals("<U1 (1,) C", NpyArray.of(new String[] {""}, 1).toString());
    assertEquals("<U1 (0,) C", NpyArray.of(new String[0], 0).toString());
  }

  @Test
  void properties_areThoseOfTheHeader() throws IOException {
    byte[] file = NpyBytes.file(NpyBytes.dictionary("'>i2'", "True", "(2, 3, 4)"), 48);
    NpyArray array = Npy.read(new ByteArrayInputStream(file));
    assertEquals(3, array.rank());
    assertEquals(24, array.size());
    assertTrue(array.fortranOrder());
    assertEquals("stream", array.source());
    assertEquals(">i2 (2, 3, 4) F", array.toString());
    array.shape()[0] = 9;
    assertArrayEquals(new long[] {2, 3, 4}, array.shape());
    assertEquals("array", NpyArray.of(new double[1]).source());
  }

  @Test
  void canonical_keepsTheElements() throws IOException {
    // np.asfortranarray(np.arange(6, dtype='>i2').reshape(2, 3))
    byte[] file =
        NpyBytes.empty()
            .bytes(NpyBytes.file(NpyBytes.dictionary("'>i2'", "True", "(2, 3)"), 0))
            .bytes(0, 0, 0, 3, 0, 1, 0, 4, 0, 2, 0, 5)
            .build();
    NpyArray canonical = Npy.read(new ByteArrayInputStream(file)).canonical();
    assertEquals("<i2 (2, 3) C", canonical.toString());
    assertFalse(canonical.fortranOrder());
    assertArrayEquals(new int[] {0, 1, 2, 3, 4, 5}, canonical.toInts());
  }

  @Test
  void rows_areAView() {
    NpyArray array = NpyArray.of(new int[] {0, 1, 2, 3, 4, 5}, 3, 2);
    NpyArray rows = array.rows(1, 3);
    assertArrayEquals(new long[] {2, 2}, rows.shape());
    assertEquals(4, rows.size());
    assertArrayEquals(new int[] {2, 3, 4, 5}, rows.toInts());
    assertArrayEquals(new int[] {4, 5}, rows.rows(1, 2).toInts());
    assertArrayEquals(new int[0], array.rows(3, 3).toInts());
    assertEquals("<i4 (0, 2) C", array.rows(0, 0).toString());
    assertEquals("<f8 (0, 5) C", NpyArray.of(new double[0], 0, 5).rows(0, 0).toString());
  }

  @Test
  void rows_thatAreNotThere_areRefused() {
    NpyArray array = NpyArray.of(new int[6], 3, 2);
    String message = "array: expected rows within 0 to 3 of shape (3, 2) but got ";
    long[][] ranges = {{-1, 2}, {2, 1}, {0, 4}, {4, 4}};
    for (long[] range : ranges) {
      IndexOutOfBoundsException e =
          assertThrows(IndexOutOfBoundsException.class, () -> array.rows(range[0], range[1]));
      assertEquals(message + range[0] + " to " + range[1], e.getMessage());
    }
    IndexOutOfBoundsException e =
        assertThrows(IndexOutOfBoundsException.class, () -> NpyArray.of(new int[1]).rows(0, 0));
    assertEquals("array: expected rows within 0 to 0 of shape () but got 0 to 0", e.getMessage());
  }

  @Test
  void get_copiesPartOfTheElements() {
    NpyArray array = NpyArray.of(new int[] {0, 1, 2, 3}, 4);
    double[] doubles = {9, 9, 9, 9};
    array.getDoubles(1, doubles, 2, 2);
    assertArrayEquals(new double[] {9, 9, 1, 2}, doubles);
    array.getDoublesRounded(3, doubles, 0, 1);
    assertArrayEquals(new double[] {3, 9, 1, 2}, doubles);
    float[] floats = {9, 9, 9};
    array.getFloats(1, floats, 1, 2);
    assertArrayEquals(new float[] {9, 1, 2}, floats);
    long[] longs = {9, 9, 9};
    array.getLongs(2, longs, 0, 2);
    assertArrayEquals(new long[] {2, 3, 9}, longs);
    array.getUnsignedLongs(1, longs, 2, 1);
    assertArrayEquals(new long[] {2, 3, 1}, longs);
    int[] ints = {9, 9, 9};
    array.getInts(0, ints, 2, 1);
    assertArrayEquals(new int[] {9, 9, 0}, ints);
    array.getInts(4, ints, 3, 0);
  }

  @Test
  void get_outOfRange_isRefused() {
    NpyArray array = NpyArray.of(new int[4], 4);
    String message = "array: expected elements within 0 to 4 but got ";
    assertRange(message + "1 from 4 on", () -> array.getDoubles(4, new double[4], 0, 1));
    assertRange(message + "5 from 0 on", () -> array.getDoublesRounded(0, new double[5], 0, 5));
    assertRange(message + "1 from -1 on", () -> array.getLongs(-1, new long[4], 0, 1));
    assertRange(message + "-1 from 0 on", () -> array.getInts(0, new int[4], 0, -1));
    assertRange(
        message + "2 from 9223372036854775807 on",
        () -> array.getFloats(Long.MAX_VALUE, new float[4], 0, 2));
    assertRange(message + "1 from 4 on", () -> array.getUnsignedLongs(4, new long[4], 0, 1));
    assertRange(message + "1 from 4 on", () -> array.elementText(4));
    assertThrows(IndexOutOfBoundsException.class, () -> array.getInts(0, new int[3], 0, 4));
    assertThrows(IndexOutOfBoundsException.class, () -> array.getInts(0, new int[4], -1, 2));
    assertThrows(IndexOutOfBoundsException.class, () -> array.getDoubles(0, new double[3], 0, 4));
    assertThrows(
        IndexOutOfBoundsException.class, () -> array.getDoublesRounded(0, new double[3], 0, 4));
    assertThrows(IndexOutOfBoundsException.class, () -> array.getFloats(0, new float[3], 0, 4));
    assertThrows(IndexOutOfBoundsException.class, () -> array.getLongs(0, new long[3], 0, 4));
    assertThrows(
        IndexOutOfBoundsException.class, () -> array.getUnsignedLongs(0, new long[3], 0, 4));
  }

  private static void assertRange(String message, Executable call) {
    assertEquals(message, assertThrows(IndexOutOfBoundsException.class, call).getMessage());
  }

  @Test
  void copy_isOfItsOwn() {
    double[] values = {1, 2, 3, 4};
    NpyArray array = NpyArray.wrap(DType.COMPLEX128, values, 2);
    NpyArray copy = array.copy();
    values[0] = 9;
    assertEquals("<c16 (2,) C", copy.toString());
    assertArrayEquals(new double[] {1, 2, 3, 4}, copy.toInterleaved());
    assertEquals("<f8 (0, 3) C", NpyArray.of(new double[0], 0, 3).copy().toString());
    int[] many = new int[100_003];
    java.util.Arrays.setAll(many, i -> i);
    assertArrayEquals(many, NpyArray.wrap(DType.INT32, many, 100_003).copy().toInts());
  }

  @Test
  void asReadOnlyBuffer_isOfTheElements() {
    double[] values = {1, 2};
    DoubleBuffer buffer = (DoubleBuffer) NpyArray.wrap(DType.FLOAT64, values, 2).asReadOnlyBuffer();
    values[1] = 9;
    assertEquals(9, buffer.get(1));
    assertEquals(2, buffer.remaining());
    assertThrows(ReadOnlyBufferException.class, () -> buffer.put(0, 1));
    assertEquals(
        FloatBuffer.wrap(new float[] {1}), NpyArray.of(new float[] {1}).asReadOnlyBuffer());
    assertEquals(LongBuffer.wrap(new long[] {1}), NpyArray.of(new long[] {1}).asReadOnlyBuffer());
    assertEquals(IntBuffer.wrap(new int[] {1}), NpyArray.of(new int[] {1}).asReadOnlyBuffer());
    assertEquals(
        ShortBuffer.wrap(new short[] {1}), NpyArray.of(new short[] {1}).asReadOnlyBuffer());
    assertEquals(ByteBuffer.wrap(new byte[] {1}), NpyArray.of(new byte[] {1}).asReadOnlyBuffer());
    assertEquals(
        DoubleBuffer.wrap(new double[0]), NpyArray.of(new double[0], 0).asReadOnlyBuffer());
    for (NpyArray array :
        new NpyArray[] {
          NpyArray.of(new float[1]),
          NpyArray.of(new long[1]),
          NpyArray.of(new int[1]),
          NpyArray.of(new short[1]),
          NpyArray.of(new byte[1])
        }) {
      assertTrue(array.asReadOnlyBuffer().isReadOnly());
    }
  }

  @Test
  void asReadOnlyBuffer_ofAnotherOrderOrPart_isRefused() throws IOException {
    byte[] file = NpyBytes.file(NpyBytes.dictionary("'<f8'", "True", "(2, 3)"), 48);
    NpyArray fortran = Npy.read(new ByteArrayInputStream(file));
    IllegalStateException e = assertThrows(IllegalStateException.class, fortran::asReadOnlyBuffer);
    assertEquals(
        "stream: expected a whole array in C order but got another <f8 (2, 3) F", e.getMessage());
    NpyArray rows = NpyArray.of(new double[6], 3, 2).rows(0, 1);
    assertThrows(IllegalStateException.class, rows::asReadOnlyBuffer);
    assertEquals(6, ((DoubleBuffer) fortran.copy().asReadOnlyBuffer()).remaining());
  }

  @Test
  void elementText_isPythons() {
    assertEquals("True", NpyArray.of(new boolean[] {true}).elementText(0));
    assertEquals("False", NpyArray.of(new boolean[] {false}).elementText(0));
    assertEquals("-5", NpyArray.of(new int[] {1, -5}, 2).elementText(1));
    assertEquals("200", NpyArray.of(new byte[] {(byte) 200}).elementText(0));
    assertEquals("-9223372036854775808", NpyArray.of(new long[] {Long.MIN_VALUE}).elementText(0));
    assertEquals(
        "9223372036854775808",
        NpyArray.wrap(DType.UINT64, new long[] {Long.MIN_VALUE}).elementText(0));
    assertEquals("0.5", NpyArray.of(new double[] {0.5}).elementText(0));
    assertEquals("0.1", NpyArray.of(new float[] {0.1f}).elementText(0));
    assertEquals("nan", NpyArray.of(new double[] {Double.NaN}).elementText(0));
    assertEquals("-inf", NpyArray.of(new float[] {Float.NEGATIVE_INFINITY}).elementText(0));
    assertEquals("1.0", NpyArray.wrap(DType.FLOAT16, new short[] {0x3c00}).elementText(0));
    assertEquals("1.0", NpyArray.wrap(DType.BFLOAT16, new short[] {0x3f80}).elementText(0));
    assertEquals("(1.0+2.0j)", NpyArray.wrap(DType.COMPLEX128, new double[] {1, 2}).elementText(0));
    assertEquals(
        "(0.1-0.0j)", NpyArray.wrap(DType.COMPLEX64, new float[] {0.1f, -0.0f}).elementText(0));
    assertEquals(
        "(nan+inf" + "j)",
        NpyArray.wrap(DType.COMPLEX64, new float[] {Float.NaN, Float.POSITIVE_INFINITY})
            .elementText(0));
    assertEquals("'ab'", NpyArray.of(new String[] {"x", "ab"}, 2).elementText(1));
    assertEquals("'ab'", NpyArray.wrap(DType.bytes(3), new byte[] {'a', 'b', 0}).elementText(0));
  }
}
