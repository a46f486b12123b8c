package org.allclose.internal.json;

import org.allclose.json.JsonFormatException;

/**
 * A JSON text and what errors call it.
 *
 * @param place the file, or what else it came from
 */
record JsonText(String place, String text) {

  /** Returns the error that something is wrong with the text as a whole. */
  JsonFormatException error(String message) {
    return new JsonFormatException(place + ": " + message);
  }

  /** Returns the error that something is wrong at a character of the text. */
  JsonFormatException error(int offset, String message) {
    int line = 1;
    int start = 0;
    for (int end = text.indexOf('\n'); end >= 0 && end < offset; end = text.indexOf('\n', start)) {
      line++;
      start = end + 1;
    }
    int column = text.codePointCount(start, offset) + 1;
    return error("line " + line + ", column " + column + ": " + message);
  }
}
