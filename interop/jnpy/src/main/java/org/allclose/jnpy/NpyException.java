package org.allclose.jnpy;

import java.io.IOException;
import org.allclose.internal.file.WrongFileException;
import org.allclose.internal.text.Printable;

/**
 * A file, stream or entry that is not what the format demands, or is more than the limits allow.
 *
 * <p>The message names the place (file, and entry after a {@code !}), the part, what was expected
 * and what was found: {@code weights.npz!fc2/W.npy: array data ends early: expected 51200 bytes but
 * got 51199}. Failures of the file system itself, a missing file for one, stay what the JDK throws.
 */
public final class NpyException extends IOException {
  private static final long serialVersionUID = 1;

  /** What kind of rule was broken. */
  public enum Reason {
    /** The first bytes are not those of the format. */
    NOT_NPY,
    /** A format version other than 1.0, 2.0 and 3.0. */
    VERSION,
    /** The header is not the dictionary that the format demands. */
    HEADER,
    /** The shape is malformed, negative, or too large to count. */
    SHAPE,
    /** The dtype is malformed. */
    DTYPE,
    /** The dtype exists, and is refused: Python objects, structures, dates and their like. */
    UNSUPPORTED_DTYPE,
    /** The bytes end before the header or the data do. */
    TRUNCATED,
    /** More than the {@link Limits} allow, or than there is memory for. */
    LIMIT,
    /** The zip structure of an {@code .npz} is damaged, or contradicts itself. */
    ZIP,
    /** An encrypted entry, an unknown compression method or a zip of several parts. */
    UNSUPPORTED_ZIP,
    /** Two entries of an {@code .npz} have the same name. */
    DUPLICATE_ENTRY,
    /** There is no such entry. */
    NO_SUCH_ENTRY,
    /** The data of an entry do not have the checksum that the directory tells. */
    CHECKSUM
  }

  private final Reason reason;
  private final String source;

  NpyException(Reason reason, String source, String detail) {
    super(Printable.of(source + ": " + detail));
    this.reason = reason;
    this.source = source;
  }

  NpyException(Reason reason, String source, String detail, Throwable cause) {
    super(Printable.of(source + ": " + detail), cause);
    this.reason = reason;
    this.source = source;
  }

  /** Says the same of a file that is not one of numpy's. */
  static NpyException of(WrongFileException e) {
    Reason reason =
        switch (e.fault()) {
          case KIND -> Reason.NOT_NPY;
          case EMPTY -> Reason.TRUNCATED;
          case SIZE -> Reason.LIMIT;
        };
    return new NpyException(reason, e.source(), e.detail());
  }

  /** Returns which kind of rule was broken. */
  public Reason reason() {
    return reason;
  }

  /** Returns the file, or the file and the entry after a {@code !}, or {@code stream}. */
  public String source() {
    return source;
  }
}
