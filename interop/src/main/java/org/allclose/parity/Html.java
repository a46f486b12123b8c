package org.allclose.parity;

/** Texts in HTML and XML. */
final class Html {
  private Html() {}

  /** Returns a text as it must stand between tags and in attributes. */
  static String escape(String text) {
    StringBuilder escaped = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> escaped.append("&amp;");
        case '<' -> escaped.append("&lt;");
        case '>' -> escaped.append("&gt;");
        case '"' -> escaped.append("&quot;");
        // XML 1.0 has no other control characters, not even escaped.
        default -> escaped.append(c >= ' ' || c == '\n' || c == '\t' ? c : '\uFFFD');
      }
    }
    return escaped.toString();
  }
}
