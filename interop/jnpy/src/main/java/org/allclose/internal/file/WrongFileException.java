package org.allclose.internal.file;

import java.io.IOException;
import org.allclose.internal.text.Printable;

/** Says that a file is not what is wanted: of another kind, empty, or too large to be copied. */
public final class WrongFileException extends IOException {
  private static final long serialVersionUID = 1;

  /** What is wrong with a file. */
  public enum Fault {
    /** It is of another kind. */
    KIND,
    /** It has no bytes. */
    EMPTY,
    /** It is a pipe of more bytes than are allowed. */
    SIZE
  }

  private final Fault fault;
  private final String source;
  private final String detail;

  WrongFileException(Fault fault, String source, String detail) {
    super(Printable.of(source + ": " + detail));
    this.fault = fault;
    this.source = source;
    this.detail = detail;
  }

  /** Returns what is wrong. */
  public Fault fault() {
    return fault;
  }

  /** Returns what messages call the file. */
  public String source() {
    return source;
  }

  /** Returns the message without the file. */
  public String detail() {
    return detail;
  }
}
