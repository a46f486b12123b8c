package org.allclose.json;

import java.io.IOException;
import org.allclose.internal.text.Printable;

/**
 * Says that a JSON file is not what its format demands: place, what, expected, got, on one line of
 * printable characters.
 */
public final class JsonFormatException extends IOException {
  private static final long serialVersionUID = 1L;

  public JsonFormatException(String message) {
    super(Printable.of(message));
  }

  public JsonFormatException(String message, Throwable cause) {
    super(Printable.of(message), cause);
  }
}
