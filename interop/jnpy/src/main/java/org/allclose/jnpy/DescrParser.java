package org.allclose.jnpy;

import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import org.allclose.internal.text.Quoted;

/**
 * Reads the text that a header has under {@code descr}.
 *
 * <p>Accepts what {@code numpy.dtype} accepts of plain numbers, truth values and strings, but for
 * numbers with spaces, signs or leading zeros in them ({@code "f 8"}).
 */
final class DescrParser {
  private static final Map<String, DType> NUMBERS = new HashMap<>();
  private static final Map<String, String> REFUSED = new HashMap<>();

  private static final String OBJECTS =
      "Python objects are stored as a pickle, which can run code and is never read";
  private static final String EXTENDED =
      "extended precision is laid out differently from machine to machine";
  private static final String DATES = "dates and time spans are not supported";
  private static final String VOID = "raw bytes without a type are not supported";
  private static final String BFLOAT16 =
      " (bfloat16 is saved so: it is read with --bfloat16, in Java with"
          + " ReadOptions.withVoidAsBfloat16)";
  private static final String EMPTY = "elements of no bytes are not supported";
  private static final String VARIABLE =
      "strings of variable length are stored as a pickle, which can run code and is never read";
  private static final String STRUCTURED = "structured and subarray types are not supported";

  static {
    // The short spelling, then Python's and C's. The ones of platform-dependent size are those of
    // 64-bit Linux: long has 8 bytes.
    spell(DType.BOOL, "b1", "?", "bool", "bool_");
    spell(DType.INT8, "i1", "b", "int8", "byte");
    spell(DType.UINT8, "u1", "B", "uint8", "ubyte");
    spell(DType.INT16, "i2", "h", "int16", "short");
    spell(DType.UINT16, "u2", "H", "uint16", "ushort");
    spell(DType.INT32, "i4", "i", "int32", "intc");
    spell(DType.UINT32, "u4", "I", "uint32", "uintc");
    spell(
        DType.INT64, "i8", "l", "q", "p", "n", "int64", "int", "int_", "long", "longlong", "intp");
    spell(DType.UINT64, "u8", "L", "Q", "P", "N", "uint64", "uint", "ulong", "ulonglong", "uintp");
    spell(DType.FLOAT16, "f2", "e", "float16", "half");
    spell(DType.FLOAT32, "f4", "f", "float32", "single");
    spell(DType.BFLOAT16, "bfloat16");
    spell(DType.FLOAT64, "f8", "d", "float64", "double", "float");
    spell(DType.COMPLEX64, "c8", "F", "complex64", "csingle");
    spell(DType.COMPLEX128, "c16", "D", "complex128", "cdouble", "complex");
    spell(DType.bytes(1), "c");
    refuse(OBJECTS, "O", "O4", "O8", "object", "object_");
    refuse(EXTENDED, "f16", "g", "float128", "longdouble", "f12", "float96");
    refuse(EXTENDED, "c32", "G", "complex256", "clongdouble", "c24", "complex192");
    refuse(EMPTY, "S", "S0", "U", "U0", "V0", "str", "str_", "bytes", "bytes_", "unicode");
    refuse(VOID, "V", "void");
    refuse(VARIABLE, "T");
  }

  private DescrParser() {}

  private static void spell(DType dtype, String... spellings) {
    for (String spelling : spellings) {
      NUMBERS.put(spelling, dtype);
    }
  }

  private static void refuse(String reason, String... spellings) {
    for (String spelling : spellings) {
      REFUSED.put(spelling, reason);
    }
  }

  /**
   * Returns the dtype that a string names.
   *
   * @throws NpyException if the string names none, or one that is refused
   */
  static DType parse(String descr, String source, ReadOptions options) throws NpyException {
    boolean marked = !descr.isEmpty() && "<>=|".indexOf(descr.charAt(0)) >= 0;
    // '=' is the order of the machine that wrote, and no mark or '|' leaves it open: little-endian,
    // as on nearly every machine that numpy runs on.
    ByteOrder order = descr.startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    String code = marked ? descr.substring(1) : descr;
    if (code.startsWith("datetime64") || code.startsWith("timedelta64")) {
      throw refused(descr, source, DATES);
    }
    // numpy takes a mark before a code, not before a name of several letters.
    boolean nameAfterMark = marked && code.length() > 1 && isLowerCaseWord(code);
    if (code.isEmpty() || nameAfterMark) {
      throw malformed(descr, source);
    }
    DType number = NUMBERS.get(code);
    if (number != null) {
      return number.withByteOrder(order);
    }
    String refusal = REFUSED.get(code);
    if (refusal != null) {
      throw refused(descr, source, refusal);
    }
    char letter = code.charAt(0);
    if (letter == 'M' || letter == 'm') {
      throw refused(descr, source, DATES);
    }
    if (letter == 'S' || letter == 'U' || letter == 'V') {
      return sized(descr, code, order, source, options);
    }
    if (code.indexOf(',') >= 0 || letter == '(' || isDigit(letter)) {
      throw refused(descr, source, STRUCTURED);
    }
    throw malformed(descr, source);
  }

  /** Returns the error for a {@code descr} that is a list or a tuple. */
  static NpyException refusedStructure(String literal, String source) {
    boolean objects = literal.matches("(?s).*'[<>=|]?O[48]?'.*|(?s).*\"[<>=|]?O[48]?\".*");
    return refused(literal, source, objects ? STRUCTURED + "; " + OBJECTS : STRUCTURED);
  }

  private static DType sized(
      String descr, String code, ByteOrder order, String source, ReadOptions options)
      throws NpyException {
    String digits = code.substring(1);
    boolean plain = digits.chars().allMatch(c -> isDigit((char) c)) && digits.charAt(0) != '0';
    if (!plain || digits.length() > 10) {
      throw malformed(descr, source);
    }
    long length = Long.parseLong(digits);
    ElementType type = code.charAt(0) == 'U' ? ElementType.TEXT : ElementType.BYTES;
    if (length > Integer.MAX_VALUE / type.unit().bytes()) {
      throw malformed(descr, source);
    }
    if (code.charAt(0) != 'V') {
      return DType.of(type, (int) length, order);
    }
    if (length == 2 && options.voidAsBfloat16() && order == ByteOrder.LITTLE_ENDIAN) {
      return DType.BFLOAT16;
    }
    throw refused(descr, source, length == 2 ? VOID + BFLOAT16 : VOID);
  }

  private static NpyException refused(String descr, String source, String reason) {
    return new NpyException(
        NpyException.Reason.UNSUPPORTED_DTYPE,
        source,
        "dtype " + Quoted.of(descr) + " is refused: " + reason);
  }

  private static NpyException malformed(String descr, String source) {
    return new NpyException(
        NpyException.Reason.DTYPE,
        source,
        "header: expected a dtype such as '<f8' under 'descr' but got " + Quoted.of(descr));
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isLowerCaseWord(String code) {
    return code.chars().allMatch(c -> (c >= 'a' && c <= 'z') || isDigit((char) c) || c == '_')
        && code.charAt(1) >= 'a'
        && code.charAt(1) <= 'z';
  }
}
