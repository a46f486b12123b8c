package org.allclose.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/**
 * The standard output, whose failures are remembered rather than swallowed as {@code System.out}
 * does; always UTF-8, so that a report has the same bytes in every locale.
 */
final class StandardOutput extends OutputStream {

  /** The status of a program that a closed pipe ended: 128 and the number of SIGPIPE. */
  static final int CLOSED_PIPE = 141;

  private final OutputStream target;
  private IOException failure;

  StandardOutput(OutputStream target) {
    this.target = target;
  }

  static StandardOutput open() {
    return new StandardOutput(new FileOutputStream(FileDescriptor.out));
  }

  PrintWriter writer() {
    return new PrintWriter(
        new OutputStreamWriter(new BufferedOutputStream(this), StandardCharsets.UTF_8));
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    try {
      target.write(bytes, offset, length);
    } catch (IOException e) {
      failure = failure == null ? e : failure;
      throw e;
    }
  }

  /**
   * Returns the status of a command all of whose output has been flushed. A reader that has seen
   * enough, such as {@code head}, is no failure to speak of; any other is.
   *
   * @param status what it would be
   */
  int status(int status, PrintWriter err) {
    if (failure == null || status == Allclose.UNUSABLE) {
      return status;
    }
    if ("Broken pipe".equals(failure.getMessage())) {
      return CLOSED_PIPE;
    }
    err.println(
        Failure.line(
            "standard output: expected it to take what is printed but got "
                + failure.getMessage()));
    return Allclose.UNUSABLE;
  }
}
