package org.allclose.parity.report;

import org.allclose.internal.text.Printable;

/** Texts in HTML and XML: printable, of the characters that XML has, and nothing of a tag. */
final class Html {
  private Html() {}

  /** Returns a text, on one line, as it must stand between tags and in attributes. */
  static String escape(String text) {
    String printable = Printable.of(text);
    StringBuilder escaped = new StringBuilder(printable.length());
    for (int i = 0; i < printable.length(); i++) {
      char c = printable.charAt(i);
      switch (c) {
        case '&' -> escaped.append("&amp;");
        case '<' -> escaped.append("&lt;");
        case '>' -> escaped.append("&gt;");
        case '"' -> escaped.append("&quot;");
        default -> escaped.append(c);
      }
    }
    return escaped.toString();
  }
}
