package org.allclose.jnpy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import org.allclose.TestData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Names of dtypes, against what {@code numpy.dtype} makes of them. */
class DescrParserTest {
  /** numpy warns of these; they are the strings that nobody calls so any more. */
  private static final Set<String> DEPRECATED = Set.of("a5", "<a5", ">a5", "=a5", "|a5");

  static List<String> lines() throws IOException {
    return Files.readAllLines(TestData.folder().resolve("digests/npy_dtypes.txt")).stream()
        .filter(line -> !line.startsWith("#"))
        // numpy knows it once ml_dtypes is imported: np.dtype('bfloat16').str is '<V2'.
        .filter(line -> !line.startsWith("'bfloat16'"))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("lines")
  void parse_isNumpys(String line) throws NpyException {
    int end = line.lastIndexOf('\'');
    String spelling = line.substring(1, end);
    String canonical = line.substring(end + 2);
    if (canonical.matches("[<>|](b1|[iu][1248]|f[248]|c8|c16|[SU][1-9][0-9]*)")
        && !DEPRECATED.contains(spelling)) {
      assertEquals(canonical, parse(spelling, ReadOptions.defaults()).toString());
      return;
    }
    NpyException e =
        assertThrows(NpyException.class, () -> parse(spelling, ReadOptions.defaults()));
    boolean unknown = canonical.equals("-") || DEPRECATED.contains(spelling);
    NpyException.Reason reason =
        unknown ? NpyException.Reason.DTYPE : NpyException.Reason.UNSUPPORTED_DTYPE;
    assertEquals(reason, e.reason(), e::getMessage);
  }

  @Test
  void lines_areThere() throws IOException {
    assertTrue(lines().size() > 400);
  }

  @Test
  void bfloat16_isReadOnRequest() throws NpyException {
    ReadOptions request = ReadOptions.defaults().withVoidAsBfloat16(true);
    for (String spelling : List.of("|V2", "<V2", "V2", "=V2")) {
      assertEquals(DType.BFLOAT16, parse(spelling, request));
    }
    assertEquals(DType.BFLOAT16, parse("bfloat16", ReadOptions.defaults()));
    // Voids have no byte order for numpy; whoever wrote this mark may have meant one.
    NpyException e = assertThrows(NpyException.class, () -> parse(">V2", request));
    assertEquals(
        "x.npy: dtype '>V2' is refused: raw bytes without a type are not supported"
            + " (bfloat16 is saved so: it is read with --bfloat16, in Java with"
            + " ReadOptions.withVoidAsBfloat16)",
        e.getMessage());
    assertThrows(NpyException.class, () -> parse("|V3", request));
  }

  @Test
  void parse_keepsTheByteOrderWhereThereIsOne() throws NpyException {
    ReadOptions options = ReadOptions.defaults();
    assertEquals(ByteOrder.BIG_ENDIAN, parse(">U3", options).byteOrder());
    assertEquals(ByteOrder.LITTLE_ENDIAN, parse("|U3", options).byteOrder());
    assertEquals(ByteOrder.LITTLE_ENDIAN, parse(">S3", options).byteOrder());
    assertEquals(ByteOrder.LITTLE_ENDIAN, parse(">u1", options).byteOrder());
    assertEquals(parse("|u1", options), parse(">u1", options));
  }

  private static DType parse(String spelling, ReadOptions options) throws NpyException {
    return DescrParser.parse(spelling, "x.npy", options);
  }
}
