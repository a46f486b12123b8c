package org.allclose.jnpy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NpyHeaderTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'descr': '<f8', 'fortran_order': True, 'shape': (2, 3), }",
        "{'shape':(2,3),'fortran_order':True,'descr':'<f8'}",
        "{\"descr\": \"<f8\", \"fortran_order\": True, \"shape\": (2, 3)}",
        " \t\f\r\n{ \t\f\r\n'descr' : \n'<f8' ,'fortran_order' : True\n, 'shape' : ( 2 , 3 , ) , } \r\n\t\f",
        "{'fortran_order': True, 'descr': '=f8', 'shape': (2L, 3L)}",
        "{'fortran_order': True, 'descr': 'float64', 'shape': (2, 3,)}",
      })
  void read_ofEverySpelling_givesTheSame(String text) throws IOException {
    NpyHeader header = read(1, text);
    assertEquals("<f8 (2, 3) F", header.toString());
    assertEquals(6, header.size());
    assertEquals(48, header.dataBytes());
    assertEquals(10 + text.length(), header.length());
    assertEquals(1, header.version());
  }

  @Test
  void read_ofTheEmptyTuple_isOneElement() throws IOException {
    for (String shape : new String[] {"()", "( )", "(\n)"}) {
      NpyHeader header = read(3, NpyBytes.dictionary("'<c16'", "False", shape));
      assertEquals("<c16 () C", header.toString());
      assertEquals(1, header.size());
      assertEquals(16, header.dataBytes());
    }
  }

  @Test
  void read_ofAnAxisOfZero_hasNoElements() throws IOException {
    NpyHeader header = read(1, NpyBytes.dictionary("'<f8'", "False", "(3, 0, 2)"));
    assertEquals(0, header.size());
    assertEquals(0, header.dataBytes());
  }

  @Test
  void read_ofTheLargestShape_isExact() throws IOException {
    NpyHeader header = read(1, NpyBytes.dictionary("'|u1'", "False", "(9223372036854775807,)"));
    assertEquals(Long.MAX_VALUE, header.size());
    assertEquals(Long.MAX_VALUE, header.dataBytes());
    assertEquals(
        1152921504606846975L,
        read(2, NpyBytes.dictionary("'<f8'", "True", "(1152921504606846975, 1)")).size());
  }

  @Test
  void read_ofTheLongestHeader_isAccepted() throws IOException {
    String text = NpyBytes.DICTIONARY + " ".repeat(10000 - NpyBytes.DICTIONARY.length());
    for (int version = 1; version <= 3; version++) {
      assertEquals(6, read(version, text).size());
    }
  }

  @Test
  void read_withOtherLimits_holdsThem() throws IOException {
    Limits limits = Limits.defaults().withHeaderCharacters(59).withAxes(2);
    ReadOptions options = ReadOptions.defaults().withLimits(limits);
    byte[] file = NpyBytes.file(NpyBytes.DICTIONARY, 48);
    assertEquals("<f8 (2, 3) C", read(file, options).toString());
    NpyException long60 =
        assertThrows(
            NpyException.class, () -> read(NpyBytes.file(NpyBytes.DICTIONARY + " ", 48), options));
    assertEquals(
        "stream: header: expected at most 59 characters but got 60 bytes", long60.getMessage());
    ReadOptions oneAxis = ReadOptions.defaults().withLimits(limits.withAxes(1));
    NpyException axes = assertThrows(NpyException.class, () -> read(file, oneAxis));
    assertEquals("stream: shape: expected at most 1 axes but got 2", axes.getMessage());
    ReadOptions raised =
        ReadOptions.defaults()
            .withLimits(Limits.defaults().withHeaderCharacters(100000).withAxes(20000));
    byte[] wide =
        NpyBytes.file(NpyBytes.dictionary("'<f8'", "False", "(" + "1,".repeat(20000) + ")"), 8);
    assertEquals(20000, read(wide, raised).shape().length);
  }

  @Test
  void read_leavesTheStreamAtTheData() throws IOException {
    byte[] file = NpyBytes.file(NpyBytes.DICTIONARY, 48);
    ByteArrayInputStream in = new ByteArrayInputStream(file);
    NpyHeader.read(Sources.stream(in, "stream"), ReadOptions.defaults());
    assertEquals(48, in.available());
  }

  @Test
  void toBytes_leavesRoomForTheAxisThatGrows() {
    // numpy: the growing axis has room for 21 digits, GROWTH_AXIS_MAX_DIGITS in numpy.lib.format.
    assertText(
        "{'descr': '<f8', 'fortran_order': False, 'shape': (3, 40), }" + " ".repeat(20),
        false,
        3,
        40);
    assertText(
        "{'descr': '<f8', 'fortran_order': True, 'shape': (3, 40), }" + " ".repeat(19),
        true,
        3,
        40);
    assertText("{'descr': '<f8', 'fortran_order': False, 'shape': (), }", false);
  }

  private static void assertText(String text, boolean fortran, long... shape) {
    byte[] bytes = NpyHeader.of(DType.FLOAT64, fortran, shape).toBytes();
    String header = new String(bytes, 10, bytes.length - 10, StandardCharsets.ISO_8859_1);
    assertEquals(text, header.substring(0, text.length()));
    assertEquals(
        " ".repeat(header.length() - text.length() - 1) + "\n", header.substring(text.length()));
  }

  @Test
  void toBytes_isPaddedToSixtyFour_aFullSixtyFourWhereAligned() {
    // The last axis does not grow, so each digit of it makes the text longer by one.
    boolean seenFull = false;
    for (int rank = 2; rank < 30; rank++) {
      for (long last = 1; last <= 100; last *= 10) {
        long[] shape = new long[rank];
        Arrays.fill(shape, 1);
        shape[rank - 1] = last;
        NpyHeader header = NpyHeader.of(DType.UINT8, false, shape);
        byte[] bytes = header.toBytes();
        assertEquals(0, bytes.length % 64);
        assertEquals(header.length(), bytes.length);
        int end = new String(bytes, StandardCharsets.ISO_8859_1).indexOf('}') + 1 + 20;
        // The line end counts as text: numpy adds 1 to 64 spaces between the two.
        assertEquals(64 - (end + 1) % 64, bytes.length - end - 1);
        seenFull |= bytes.length - end - 1 == 64;
      }
    }
    assertTrue(seenFull);
  }

  @Test
  void toBytes_ofWhatWasReadFromAnotherLayout_isNumpys() throws IOException {
    NpyHeader read = read(2, "{'shape':(2,3),'fortran_order':False,'descr':'f8'}");
    byte[] bytes = read.toBytes();
    assertArrayEquals(NpyHeader.of(DType.FLOAT64, false, 2, 3).withVersion(2).toBytes(), bytes);
    assertEquals(2, bytes[6]);
  }

  @Test
  void withVersion_checksItsArgument() {
    NpyHeader header = NpyHeader.of(DType.FLOAT64, false, 2);
    for (int version : new int[] {0, 4}) {
      IllegalArgumentException e =
          assertThrows(IllegalArgumentException.class, () -> header.withVersion(version));
      assertEquals("version: expected 1, 2 or 3 but got " + version, e.getMessage());
    }
    assertEquals(3, header.withVersion(3).version());
    assertEquals(header, header.withVersion(3).withVersion(1));
  }

  @Test
  void of_checksItsArguments() {
    assertRefused("header: shape: expected lengths of at least 0 but got (2, -1)", 2, -1);
    assertRefused(
        "header: shape: expected at most 64 axes but got 65", LongStream.range(0, 65).toArray());
    assertRefused(
        "header: shape: expected at most 9223372036854775807 bytes of data but got"
            + " '(1152921504606846976,)' of 8 bytes each",
        1L << 60);
    assertEquals(64, NpyHeader.of(DType.FLOAT64, false, new long[64]).shape().length);
  }

  private static void assertRefused(String message, long... shape) {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> NpyHeader.of(DType.FLOAT64, false, shape));
    assertEquals(message, e.getMessage());
  }

  @Test
  void shape_isACopy() {
    long[] shape = {2, 3};
    NpyHeader header = NpyHeader.of(DType.FLOAT64, false, shape);
    shape[0] = 9;
    header.shape()[1] = 9;
    assertArrayEquals(new long[] {2, 3}, header.shape());
  }

  @Test
  void equals_comparesAllThatIsTold() throws IOException {
    NpyHeader header = NpyHeader.of(DType.FLOAT64, false, 2, 3);
    assertEquals(header, NpyHeader.of(DType.FLOAT64, false, 2, 3));
    assertEquals(header.hashCode(), NpyHeader.of(DType.FLOAT64, false, 2, 3).hashCode());
    assertNotEquals(header, NpyHeader.of(DType.INT64, false, 2, 3));
    assertNotEquals(header, NpyHeader.of(DType.FLOAT64, true, 2, 3));
    assertNotEquals(header, NpyHeader.of(DType.FLOAT64, false, 2, 4));
    assertNotEquals(header, header.withVersion(2));
    assertNotEquals(header, read(1, NpyBytes.DICTIONARY));
    assertNotEquals(header, "<f8 (2, 3) C");
    assertNotEquals(header.hashCode(), NpyHeader.of(DType.INT64, false, 2, 3).hashCode());
    assertNotEquals(header.hashCode(), NpyHeader.of(DType.FLOAT64, true, 2, 3).hashCode());
    assertNotEquals(header.hashCode(), NpyHeader.of(DType.FLOAT64, false, 2, 4).hashCode());
  }

  @Test
  void toString_isPythons() {
    assertEquals("|u1 (5,) C", NpyHeader.of(DType.UINT8, false, 5).toString());
    assertEquals("|u1 () F", NpyHeader.of(DType.UINT8, true).toString());
  }

  private static NpyHeader read(int version, String text) throws IOException {
    return read(NpyBytes.file(version, text, 0), ReadOptions.defaults());
  }

  private static NpyHeader read(byte[] file, ReadOptions options) throws IOException {
    return NpyHeader.read(Sources.stream(new ByteArrayInputStream(file), "stream"), options);
  }
}
