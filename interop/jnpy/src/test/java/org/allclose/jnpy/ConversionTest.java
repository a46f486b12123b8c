package org.allclose.jnpy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Conversions, against exact arithmetic. */
class ConversionTest {
  private static final long[] INTERESTING = {
    0,
    1,
    -1,
    255,
    1L << 24,
    (1L << 24) + 1,
    (1L << 24) + 2,
    (1L << 53) - 1,
    1L << 53,
    (1L << 53) + 1,
    (1L << 53) + 2,
    (1L << 53) + 3,
    -(1L << 53),
    -(1L << 53) - 1,
    -(1L << 53) - 2,
    (1L << 62) + 1,
    Long.MAX_VALUE,
    Long.MAX_VALUE - 512,
    Long.MAX_VALUE - 1023,
    Long.MIN_VALUE,
    Long.MIN_VALUE + 1,
    Long.MIN_VALUE + 2048,
    Long.MIN_VALUE + 1024,
    Long.MIN_VALUE + 1025,
    0x8000_0080_0000_0001L,
    0x8000_00ff_ffff_ffffL,
    -2048,
    -2047,
    -1024,
    -1025
  };

  @Test
  void integersToDoubles_areExactOrRefusedOrRounded() {
    for (DType dtype : new DType[] {DType.INT64, DType.UINT64}) {
      for (long bits : integers()) {
        BigInteger exact = exact(dtype, bits);
        NpyArray array = NpyArray.wrap(dtype, new long[] {bits});
        double rounded = exact.doubleValue();
        assertEquals(rounded, array.toDoublesRounded()[0], () -> dtype + " " + exact);
        if (new BigDecimal(rounded).toBigIntegerExact().equals(exact)) {
          assertEquals(rounded, array.toDoubles()[0]);
        } else {
          assertDoesNotFit(
              "element (): expected a value that double holds exactly but got " + exact,
              array::toDoubles);
        }
      }
    }
  }

  @Test
  void integersToFloats_areRoundedOnce() {
    for (DType dtype : new DType[] {DType.INT64, DType.UINT64}) {
      for (long bits : integers()) {
        BigInteger exact = exact(dtype, bits);
        NpyArray array = NpyArray.wrap(dtype, new long[] {bits});
        float rounded = exact.floatValue();
        assertEquals(rounded, array.toFloatsRounded()[0], () -> dtype + " " + exact);
        if (new BigDecimal(rounded).toBigIntegerExact().equals(exact)) {
          assertEquals(rounded, array.toFloats()[0]);
        } else {
          assertDoesNotFit(
              "element (): expected a value that float holds exactly but got " + exact,
              array::toFloats);
        }
      }
    }
  }

  private static BigInteger exact(DType dtype, long bits) {
    return dtype.equals(DType.UINT64)
        ? new BigInteger(Long.toUnsignedString(bits))
        : BigInteger.valueOf(bits);
  }

  private static long[] integers() {
    Random random = new Random(231);
    long[] more = Arrays.copyOf(INTERESTING, 3000);
    for (int i = INTERESTING.length; i < more.length; i++) {
      more[i] = random.nextLong() >> random.nextInt(64);
    }
    return more;
  }

  @Test
  void doublesToFloats_areExactOrRefusedOrRounded() {
    double[] values = {
      0,
      -0.0,
      0.5,
      0.1,
      1e300,
      -1e300,
      1e-300,
      Float.MIN_VALUE,
      Float.MIN_VALUE / 2.0,
      Double.NaN,
      Double.POSITIVE_INFINITY
    };
    for (double value : values) {
      NpyArray array = NpyArray.of(new double[] {value});
      float rounded = (float) value;
      assertEquals(rounded, array.toFloatsRounded()[0]);
      if (rounded == value || Double.isNaN(value)) {
        assertEquals(rounded, array.toFloats()[0]);
      } else {
        assertDoesNotFit(
            "element (): expected a value that float holds exactly but got " + value,
            array::toFloats);
      }
    }
  }

  @Test
  void floatingIntegers_areLongs() {
    assertArrayEquals(
        new long[] {0, 3, -7, 1L << 53, Long.MIN_VALUE},
        NpyArray.of(new double[] {0, 3, -7, 0x1p53, -0x1p63}, 5).toLongs());
    assertArrayEquals(new long[] {5}, NpyArray.of(new float[] {5}).toLongs());
    assertArrayEquals(new long[] {1}, NpyArray.wrap(DType.FLOAT16, new short[] {0x3c00}).toLongs());
    String[][] misfits = {
      {"0.5", "0.5"},
      {"-0.0", "-0.0"},
      {"NaN", "nan"},
      {"9.223372036854775807E18", "9.223372036854775807E18"},
      {"Infinity", "inf"},
      {"-Infinity", "-inf"},
      {"-9.3E18", "-9.3E18"}
    };
    for (String[] misfit : misfits) {
      double value = Double.parseDouble(misfit[0]);
      String shown = Double.toString(value).replace("NaN", "nan").replace("Infinity", "inf");
      assertDoesNotFit(
          "element (): expected a value that long holds exactly but got " + shown,
          () -> NpyArray.of(new double[] {value}).toLongs());
    }
  }

  @Test
  void longs_ofUnsignedAbove2To63_areRefused_butNotUnsignedLongs() {
    NpyArray array = NpyArray.wrap(DType.UINT64, new long[] {1, Long.MAX_VALUE, -1}, 3);
    assertArrayEquals(new long[] {1, Long.MAX_VALUE, -1}, array.toUnsignedLongs());
    assertDoesNotFit(
        "element (2,): expected a value that long holds exactly but got 18446744073709551615",
        array::toLongs);
    assertDoesNotFit(
        "element (1,): expected a value that unsigned long holds exactly but got -5",
        () -> NpyArray.of(new long[] {3, -5}, 2).toUnsignedLongs());
    assertArrayEquals(new long[] {3}, NpyArray.of(new double[] {3}).toUnsignedLongs());
    assertArrayEquals(new long[] {0}, NpyArray.of(new int[] {0}).toUnsignedLongs());
  }

  @Test
  void ints_areExactOrRefused() {
    assertArrayEquals(new int[] {-5, 7}, NpyArray.of(new int[] {-5, 7}, 2).toInts());
    assertArrayEquals(
        new int[] {Integer.MIN_VALUE, Integer.MAX_VALUE},
        NpyArray.of(new long[] {Integer.MIN_VALUE, Integer.MAX_VALUE}, 2).toInts());
    assertArrayEquals(new int[] {200}, NpyArray.of(new byte[] {(byte) 200}).toInts());
    assertArrayEquals(new int[] {4}, NpyArray.of(new double[] {4}).toInts());
    assertDoesNotFit(
        "element (0,): expected a value that int holds exactly but got 2147483648",
        () -> NpyArray.of(new long[] {1L << 31}, 1).toInts());
    assertDoesNotFit(
        "element (0,): expected a value that int holds exactly but got -2147483649",
        () -> NpyArray.of(new long[] {-(1L << 31) - 1}, 1).toInts());
    assertDoesNotFit(
        "element (0,): expected a value that int holds exactly but got 4294967295",
        () -> NpyArray.wrap(DType.UINT32, new int[] {-1}, 1).toInts());
  }

  @Test
  void theFirstMisfit_isNamed_beyondTheFirstChunk() {
    int n = 20_000;
    long[] values = new long[n];
    values[15_000] = (1L << 53) + 1;
    values[15_001] = (1L << 53) + 3;
    NpyArray array = NpyArray.wrap(DType.INT64, values, 100, 200);
    String end = "but got 9007199254740993";
    assertDoesNotFit(
        "element (75, 0): expected a value that double holds exactly " + end, array::toDoubles);
    assertDoesNotFit(
        "element (75, 0): expected a value that float holds exactly " + end, array::toFloats);
    assertDoesNotFit(
        "element (75, 0): expected a value that int holds exactly " + end, array::toInts);
    double[] doubles = new double[n];
    doubles[15_000] = 0.1;
    NpyArray floating = NpyArray.wrap(DType.FLOAT64, doubles, 100, 200);
    assertDoesNotFit(
        "element (75, 0): expected a value that float holds exactly but got 0.1",
        floating::toFloats);
    assertDoesNotFit(
        "element (75, 0): expected a value that long holds exactly but got 0.1", floating::toLongs);
  }

  private static void assertDoesNotFit(String message, Executable conversion) {
    ArithmeticException e = assertThrows(ArithmeticException.class, conversion);
    assertEquals("array: " + message, e.getMessage());
  }

  @Test
  void everyTypeInChunks_isConvertedWhole() {
    int n = 3 * 8192 + 5;
    int[] counted = new int[n];
    Arrays.setAll(counted, i -> i % 100);
    double[] doubles = new double[n];
    float[] floats = new float[n];
    long[] longs = new long[n];
    short[] shorts = new short[n];
    byte[] bytes = new byte[n];
    short[] halves = new short[n];
    short[] brains = new short[n];
    for (int i = 0; i < n; i++) {
      doubles[i] = floats[i] = longs[i] = shorts[i] = bytes[i] = (byte) counted[i];
      // Integers below 256 are exact in both: sign, exponent and fraction from the float's bits.
      int bits = Float.floatToIntBits(floats[i]);
      brains[i] = (short) (bits >>> 16);
      halves[i] = (short) (bits == 0 ? 0 : (bits - (112 << 23)) >>> 13);
    }
    NpyArray[] arrays = {
      NpyArray.wrap(DType.FLOAT64, doubles, n), NpyArray.wrap(DType.FLOAT32, floats, n),
      NpyArray.wrap(DType.INT64, longs, n), NpyArray.wrap(DType.UINT64, longs, n),
      NpyArray.wrap(DType.INT32, counted, n), NpyArray.wrap(DType.UINT32, counted, n),
      NpyArray.wrap(DType.INT16, shorts, n), NpyArray.wrap(DType.UINT16, shorts, n),
      NpyArray.wrap(DType.INT8, bytes, n), NpyArray.wrap(DType.UINT8, bytes, n),
      NpyArray.wrap(DType.FLOAT16, halves, n), NpyArray.wrap(DType.BFLOAT16, brains, n)
    };
    for (NpyArray array : arrays) {
      assertArrayEquals(doubles, array.toDoubles(), array::toString);
      assertArrayEquals(doubles, array.toDoublesRounded(), array::toString);
      assertArrayEquals(floats, array.toFloats(), array.toString());
      assertArrayEquals(floats, array.toFloatsRounded(), array.toString());
      assertArrayEquals(longs, array.toLongs(), array::toString);
      assertArrayEquals(longs, array.toUnsignedLongs(), array::toString);
      assertArrayEquals(counted, array.toInts(), array::toString);
    }
    NpyArray truths = NpyArray.wrap(DType.BOOL, bytes, n);
    boolean[] truth = truths.toBooleans();
    int[] numbers = truths.toInts();
    for (int i = 0; i < n; i++) {
      assertEquals(bytes[i] != 0, truth[i]);
      assertEquals(bytes[i] != 0 ? 1 : 0, numbers[i]);
    }
    float[] parts = Arrays.copyOf(floats, 2 * (n / 2));
    double[] wide = NpyArray.wrap(DType.COMPLEX64, parts, n / 2).toInterleaved();
    assertArrayEquals(Arrays.copyOf(doubles, 2 * (n / 2)), wide);
  }

  @Test
  void offsets_areHeldByEveryType() {
    byte[] bytes = {1, 2, 3, 4};
    double[] doubles = new double[5];
    NpyArray.wrap(DType.UINT8, bytes, 4).getDoubles(1, doubles, 2, 3);
    assertArrayEquals(new double[] {0, 0, 2, 3, 4}, doubles);
    float[] floats = new float[5];
    NpyArray.wrap(DType.UINT8, bytes, 4).getFloats(1, floats, 2, 3);
    assertArrayEquals(new float[] {0, 0, 2, 3, 4}, floats);
    NpyArray.of(new double[] {1, 2, 3, 4}, 4).getFloats(2, floats, 1, 2);
    assertArrayEquals(new float[] {0, 3, 4, 3, 4}, floats);
    NpyArray.wrap(DType.FLOAT16, new short[] {0x3c00, 0x4000}, 2).getFloats(1, floats, 4, 1);
    assertArrayEquals(new float[] {0, 3, 4, 3, 2}, floats);
    NpyArray.wrap(DType.FLOAT16, new short[] {0x3c00, 0x4000}, 2).getDoubles(1, doubles, 1, 1);
    assertArrayEquals(new double[] {0, 2, 2, 3, 4}, doubles);
    NpyArray.of(new float[] {5, 6}, 2).getDoubles(1, doubles, 0, 1);
    assertArrayEquals(new double[] {6, 2, 2, 3, 4}, doubles);
    long[] longs = new long[4];
    NpyArray.of(new double[] {5, 6}, 2).getLongs(1, longs, 2, 1);
    NpyArray.wrap(DType.UINT8, bytes, 4).getUnsignedLongs(3, longs, 1, 1);
    NpyArray.wrap(DType.UINT64, new long[] {-1, -2}, 2).getUnsignedLongs(1, longs, 3, 1);
    assertArrayEquals(new long[] {0, 4, 6, -2}, longs);
    int[] ints = new int[3];
    NpyArray.of(new long[] {7, 8}, 2).getInts(1, ints, 1, 1);
    NpyArray.of(new int[] {7, 9}, 2).getInts(1, ints, 2, 1);
    assertArrayEquals(new int[] {0, 8, 9}, ints);
  }

  @Test
  void nonsense_isRefused() {
    NpyArray text = NpyArray.of(new String[] {"a"});
    NpyArray complex = NpyArray.wrap(DType.COMPLEX64, new float[2]);
    NpyArray number = NpyArray.of(new double[1]);
    assertNonsense("double but got dtype <U1", text::toDoubles);
    assertNonsense("double but got dtype <c8", complex::toDoublesRounded);
    assertNonsense("float but got dtype <U1", text::toFloats);
    assertNonsense("float but got dtype <c8", complex::toFloatsRounded);
    assertNonsense("long but got dtype <U1", text::toLongs);
    assertNonsense("long but got dtype <c8", complex::toUnsignedLongs);
    assertNonsense("long but got dtype <c8", complex::toInts);
    assertNonsense("boolean but got dtype <f8", number::toBooleans);
    assertNonsense("complex but got dtype <f8", number::toInterleaved);
    assertNonsense("String but got dtype <f8", number::toStrings);
  }

  private static void assertNonsense(String end, Executable conversion) {
    IllegalStateException e = assertThrows(IllegalStateException.class, conversion);
    assertEquals("array: expected elements that convert to " + end, e.getMessage());
  }

  @Test
  void strings_loseTheirPaddingAlone() {
    byte[] bytes = {'a', 0, 'b', 0, 0, 0, 0, 0, (byte) 0xe9, (byte) 0xff, 'c', 'd'};
    assertArrayEquals(
        new String[] {"a\0b", "", "\u00e9\u00ffcd"},
        NpyArray.wrap(DType.bytes(4), bytes, 3).toStrings());
    int[] codePoints = {'a', 0, 'b', 0, 0, 0, 0, 0, 0x1f600, 0xe9, 0, 0x10ffff};
    assertArrayEquals(
        new String[] {"a\0b", "", "\ud83d\ude00\u00e9\0\udbff\udfff"},
        NpyArray.wrap(DType.text(4), codePoints, 3).toStrings());
  }

  @Test
  void strings_longerThanAChunk_areWhole() {
    int[] codePoints = new int[3 * 20_000];
    Arrays.fill(codePoints, 'x');
    codePoints[20_000] = 'y';
    String[] strings = NpyArray.wrap(DType.text(20_000), codePoints, 3).toStrings();
    assertEquals("x".repeat(20_000), strings[0]);
    assertEquals("y" + "x".repeat(19_999), strings[1]);
    byte[] bytes = new byte[3 * 20_000];
    Arrays.fill(bytes, (byte) 'x');
    bytes[40_000] = 'z';
    assertEquals(
        "z" + "x".repeat(19_999), NpyArray.wrap(DType.bytes(20_000), bytes, 3).toStrings()[2]);
    int[] many = new int[3 * 7000];
    Arrays.setAll(many, i -> 'a' + i % 7);
    String[] three = NpyArray.wrap(DType.text(3), many, 7000).toStrings();
    byte[] manyBytes = new byte[3 * 7000];
    for (int i = 0; i < many.length; i++) {
      manyBytes[i] = (byte) many[i];
    }
    assertArrayEquals(three, NpyArray.wrap(DType.bytes(3), manyBytes, 7000).toStrings());
    assertEquals(
        "" + (char) ('a' + 20_997 % 7) + (char) ('a' + 20_998 % 7) + (char) ('a' + 20_999 % 7),
        three[6999]);
  }

  @Test
  void strings_ofWhatIsNoCharacter_areRefused() {
    NpyArray array = NpyArray.wrap(DType.text(2), new int[] {'a', 0, 'b', 0x110000}, 2, 1);
    assertDoesNotFit(
        "element (1, 0): expected code points up to 0x10ffff but got 0x110000", array::toStrings);
    assertDoesNotFit(
        "element (): expected code points up to 0x10ffff but got 0xffffffff",
        () -> NpyArray.wrap(DType.text(1), new int[] {-1}).toStrings());
  }

  @Test
  void tooManyElementsForAJavaArray_areRefused() throws Exception {
    // A view of one element as many: rows of a header alone.
    NpyHeader header = NpyHeader.of(DType.UINT8, false, 1L << 31);
    NpyArray array = NpyArray.of(header, Storage.wrap(Primitive.BYTE, new byte[1]), "huge");
    for (Executable conversion :
        new Executable[] {
          array::toDoubles,
          array::toDoublesRounded,
          array::toFloats,
          array::toFloatsRounded,
          array::toLongs,
          array::toUnsignedLongs,
          array::toInts,
          array::toBooleans,
          array::toStrings
        }) {
      IllegalStateException e = assertThrows(IllegalStateException.class, conversion);
      assertEquals(
          "huge: expected at most 2147483639 elements for one Java array but got 2147483648",
          e.getMessage());
    }
    IllegalStateException e = assertThrows(IllegalStateException.class, array::toInterleaved);
    assertEquals(
        "huge: expected at most 1073741819 elements for one Java array but got 2147483648",
        e.getMessage());
    assertTrue(array.size() > Integer.MAX_VALUE);
  }
}
