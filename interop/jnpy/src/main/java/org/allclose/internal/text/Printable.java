package org.allclose.internal.text;

/**
 * Text of strangers as it is shown: what a terminal or a browser would obey instead of showing, or
 * show as nothing, is written out.
 *
 * <p>Names of arrays, layers, cases, keys and files come from whoever wrote the file. An escape
 * sequence or a line feed in one could paint over a verdict or forge another, a mark of direction
 * turn a line around. So everything of theirs passes {@link #of} on its way into a message, a table
 * or a page.
 *
 * <p>The form is that of Python's {@code repr}: {@code \n}, {@code \r}, {@code \t}, {@code \x1b},
 * {@code \u202e}, {@code \U000e0001}. A backslash stays as it is, so that to escape twice is to
 * escape once; a name that has the four characters {@code \x1b} in it reads the same, which harms
 * nobody.
 */
public final class Printable {
  private Printable() {}

  /**
   * Returns a text on one line, with control characters, marks of direction, invisible characters,
   * lone surrogates and what is no character at all written out.
   */
  public static String of(String text) {
    int clean = 0;
    while (clean < text.length() && isPlain(text.charAt(clean))) {
      clean++;
    }
    if (clean == text.length()) {
      return text;
    }
    StringBuilder out = new StringBuilder(text.length() + 16).append(text, 0, clean);
    text.substring(clean).codePoints().forEach(c -> append(out, c));
    return out.toString();
  }

  /**
   * Returns whether a code point is shown as itself.
   *
   * <p>The ranges are written here rather than asked of {@link Character}, which knows more
   * characters with each JDK: a report is the same on all of them.
   */
  public static boolean isPrintable(int c) {
    return !(c < 0x20
        || (c >= 0x7f && c <= 0xa0) // to the no-break space
        || c == 0xad // soft hyphen
        || c == 0x61c // Arabic letter mark
        || c == 0x1680 // a space that has a glyph
        || c == 0x180e // Mongolian vowel separator
        || (c >= 0x2000 && c <= 0x200f) // spaces of each width, none among them, marks of direction
        || (c >= 0x2028 && c <= 0x202f) // separators of lines, embeddings and overrides
        || (c >= 0x205f && c <= 0x206f) // invisible operators, isolates
        || c == 0x3000 // a wide space
        || (c >= 0xd800 && c <= 0xdfff) // surrogates without their other half
        || (c >= 0xfdd0 && c <= 0xfdef) // no characters
        || c == 0xfeff // byte order mark
        || (c >= 0xfff9 && c <= 0xfffb) // marks of annotations
        || (c & 0xfffe) == 0xfffe // no characters, in each plane
        || (c >= 0xe0000 && c <= 0xe007f)); // tags
  }

  private static boolean isPlain(char c) {
    return c >= ' ' && c < 0x7f;
  }

  private static void append(StringBuilder out, int c) {
    if (isPrintable(c)) {
      out.appendCodePoint(c);
      return;
    }
    switch (c) {
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      default -> {
        String hex = Integer.toHexString(c);
        int digits = c < 0x100 ? 2 : c < 0x10000 ? 4 : 8;
        out.append('\\').append(digits == 2 ? 'x' : digits == 4 ? 'u' : 'U');
        out.append("0".repeat(digits - hex.length())).append(hex);
      }
    }
  }
}
