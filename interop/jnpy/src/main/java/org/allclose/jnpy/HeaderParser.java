package org.allclose.jnpy;

import java.util.Arrays;
import java.util.Locale;
import org.allclose.internal.text.Quoted;

/**
 * Reads the dictionary of a header: a Python literal, taken apart here and never evaluated.
 *
 * <p>One pass without recursion. Only the three values that the format knows are parsed, so a value
 * nested ten thousand deep is an error at its first unexpected character.
 */
final class HeaderParser {
  private final String text;
  private final String source;
  private final ReadOptions options;
  private final boolean longSuffix;
  private int at;

  private DType dtype;
  private Boolean fortranOrder;
  private long[] shape;

  private HeaderParser(String text, int version, String source, ReadOptions options) {
    this.text = text;
    this.source = source;
    this.options = options;
    // Python 2 wrote some lengths as 10L; version 3 is younger than that.
    this.longSuffix = version < 3;
  }

  /**
   * Returns the header that the text spells.
   *
   * @param length the bytes of the file before the data
   */
  static NpyHeader parse(String text, int version, int length, String source, ReadOptions options)
      throws NpyException {
    HeaderParser parser = new HeaderParser(text, version, source, options);
    parser.parseDictionary();
    return NpyHeader.checked(
        version, parser.dtype, parser.fortranOrder, parser.shape, length, source, options.limits());
  }

  private void parseDictionary() throws NpyException {
    skipWhitespace();
    expect('{', "'{'");
    skipWhitespace();
    while (peek() != '}') {
      parseEntry();
      skipWhitespace();
      if (peek() != ',') {
        break;
      }
      at++;
      skipWhitespace();
    }
    expect('}', "',' or '}'");
    skipWhitespace();
    if (at < text.length()) {
      throw unexpected("nothing but whitespace after '}'");
    }
    requireKey("descr", dtype);
    requireKey("fortran_order", fortranOrder);
    requireKey("shape", shape);
  }

  private void parseEntry() throws NpyException {
    String key = string("a key in quotes");
    skipWhitespace();
    expect(':', "':' after key " + Quoted.of(key));
    skipWhitespace();
    switch (key) {
      case "descr" -> {
        requireFirst(key, dtype);
        dtype = descr();
      }
      case "fortran_order" -> {
        requireFirst(key, fortranOrder);
        fortranOrder = bool();
      }
      case "shape" -> {
        requireFirst(key, shape);
        shape = tuple();
      }
      default ->
          throw error(
              "expected the keys 'descr', 'fortran_order' and 'shape' but got " + Quoted.of(key));
    }
  }

  private DType descr() throws NpyException {
    char c = peek();
    if (c == '[' || c == '(') {
      throw DescrParser.refusedStructure(text.substring(at, endOfBrackets()), source);
    }
    return DescrParser.parse(string("a string under 'descr'"), source, options);
  }

  /** Returns where the list or tuple at hand ends, or the text if it does not. */
  private int endOfBrackets() {
    int depth = 0;
    for (int i = at; i < text.length(); i++) {
      char c = text.charAt(i);
      depth += c == '[' || c == '(' ? 1 : c == ']' || c == ')' ? -1 : 0;
      if (depth == 0) {
        return i + 1;
      }
    }
    return text.length();
  }

  private boolean bool() throws NpyException {
    String word = word();
    if (word.equals("True") || word.equals("False")) {
      at += word.length();
      return word.equals("True");
    }
    throw unexpected("True or False under 'fortran_order'");
  }

  private long[] tuple() throws NpyException {
    expect('(', "a tuple under 'shape'");
    long[] axes = new long[4];
    int rank = 0;
    skipWhitespace();
    boolean comma = true;
    while (peek() != ')') {
      if (!comma) {
        throw unexpected("',' or ')' in 'shape'");
      }
      if (rank == axes.length) {
        axes = Arrays.copyOf(axes, 2 * rank);
      }
      axes[rank++] = length();
      skipWhitespace();
      comma = peek() == ',';
      if (comma) {
        at++;
        skipWhitespace();
      }
    }
    if (rank == 1 && !comma) {
      throw unexpected("a tuple under 'shape', and ',' after its only length");
    }
    at++;
    return Arrays.copyOf(axes, rank);
  }

  /** Reads an integer; a value beyond long is an error of its own, for it is well formed. */
  private long length() throws NpyException {
    int start = at;
    boolean negative = peek() == '-';
    at += negative ? 1 : 0;
    int first = at;
    long value = 0;
    boolean overflow = false;
    while (isDigit(peek())) {
      int digit = text.charAt(at++) - '0';
      overflow |= value > (Long.MAX_VALUE - digit) / 10;
      value = value * 10 + digit;
    }
    boolean leadingZero = at - first > 1 && text.charAt(first) == '0';
    if (longSuffix && at > first && peek() == 'L') {
      at++;
    }
    if (at == first || leadingZero || isWordPart(peek()) || peek() == '.') {
      at = start;
      throw unexpected("a decimal integer in 'shape'");
    }
    if (negative || overflow) {
      throw new NpyException(
          NpyException.Reason.SHAPE,
          source,
          String.format(
              Locale.ROOT,
              "header: expected lengths of 0 to %d in 'shape' but got %s",
              Long.MAX_VALUE,
              Quoted.of(text.substring(start, at))));
    }
    return value;
  }

  private String string(String expected) throws NpyException {
    char quote = peek();
    if (quote != '\'' && quote != '"') {
      throw unexpected(expected);
    }
    int start = ++at;
    while (peek() != quote) {
      char c = peek();
      if (at == text.length() || c == '\n' || c == '\r' || c == '\\' || c == 0) {
        throw unexpected("a string without escapes, closed by " + quote);
      }
      at++;
    }
    String content = text.substring(start, at++);
    char next = peek();
    if (next == '\'' || next == '"') {
      throw unexpected("one string, not several in a row");
    }
    return content;
  }

  private void expect(char c, String expected) throws NpyException {
    if (at == text.length() || peek() != c) {
      throw unexpected(expected);
    }
    at++;
  }

  /** Returns the character at hand, or 0 (which no header may contain) at the end. */
  private char peek() {
    return at < text.length() ? text.charAt(at) : 0;
  }

  private void skipWhitespace() {
    while (" \t\f\r\n".indexOf(peek()) >= 0) {
      at++;
    }
  }

  private String word() {
    int end = at;
    while (end < text.length() && isWordPart(text.charAt(end))) {
      end++;
    }
    return text.substring(at, end);
  }

  private void requireKey(String key, Object value) throws NpyException {
    if (value == null) {
      throw error("expected the key '" + key + "' but got none");
    }
  }

  private void requireFirst(String key, Object value) throws NpyException {
    if (value != null) {
      throw error("expected the key '" + key + "' once but got it twice");
    }
  }

  private NpyException unexpected(String expected) {
    if (at >= text.length()) {
      return error("expected " + expected + " but got the end of the header");
    }
    String word = word();
    String got = word.isEmpty() ? text.substring(at, at + 1) : word;
    return error("expected " + expected + " but got " + Quoted.of(got) + " at character " + at);
  }

  private NpyException error(String detail) {
    return new NpyException(NpyException.Reason.HEADER, source, "header: " + detail);
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isWordPart(char c) {
    return isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  }
}
