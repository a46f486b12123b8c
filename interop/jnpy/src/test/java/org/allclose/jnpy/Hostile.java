package org.allclose.jnpy;

/** A file that must be refused, with the error that it must give. */
final class Hostile {
  private final String name;
  private final byte[] file;
  private final NpyException.Reason reason;
  private final String message;

  Hostile(String name, byte[] file, NpyException.Reason reason, String message) {
    this.name = name;
    this.file = file;
    this.reason = reason;
    this.message = message;
  }

  byte[] file() {
    return file;
  }

  NpyException.Reason reason() {
    return reason;
  }

  /** Returns all that the error says after the place. */
  String message() {
    return message;
  }

  /** Returns what is wrong with the file. */
  @Override
  public String toString() {
    return name;
  }
}
