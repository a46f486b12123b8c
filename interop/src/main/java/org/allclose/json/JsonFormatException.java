package org.allclose.json;

import java.io.IOException;

/** Says that a JSON file is not what its format demands: place, what, expected but got. */
public final class JsonFormatException extends IOException {
  private static final long serialVersionUID = 1L;

  public JsonFormatException(String message) {
    super(message);
  }

  public JsonFormatException(String message, Throwable cause) {
    super(message, cause);
  }
}
