package org.allclose.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import org.allclose.internal.text.Printable;

/**
 * What went wrong, in one line: the only place where the command line turns a {@link Throwable}
 * into words.
 *
 * <p>Errors are no better than exceptions here: what strangers send can fill the memory or the
 * stack, cut a mapped file short, and a wrong system property makes a class fail to initialize.
 */
final class Failure {

  /** The longest line; of a longer one, the middle is left out. */
  static final int LONGEST = 4000;

  private static final String PROGRAM = "allclose: ";

  private Failure() {}

  /** Returns the line that is printed of a failure. */
  static String line(Throwable thrown) {
    return line(message(thrown));
  }

  /** Returns the line that is printed of a failure that has a message already. */
  static String line(String message) {
    String line = PROGRAM + Printable.of(message);
    if (line.length() <= LONGEST) {
      return line;
    }
    int kept = LONGEST / 2 - 3;
    return line.substring(0, kept) + " ... " + line.substring(line.length() - kept);
  }

  /** Returns what went wrong: place, what, expected, got. */
  static String message(Throwable thrown) {
    if (thrown instanceof ExceptionInInitializerError && thrown.getCause() != null) {
      return message(thrown.getCause());
    }
    if (thrown instanceof UncheckedIOException unchecked
        && String.valueOf(unchecked.getCause()).equals(unchecked.getMessage())) {
      return message(unchecked.getCause());
    }
    if (thrown instanceof OutOfMemoryError) {
      return memory(String.valueOf(thrown.getMessage()));
    }
    if (thrown instanceof StackOverflowError) {
      return "stack: expected less nesting but it is full; -Xss gives Java more";
    }
    String text = String.valueOf(thrown.getMessage());
    if (thrown instanceof InternalError && text.contains("unsafe memory access")) {
      return "a mapped file: expected it to stay as it is while it is read but it was cut short";
    }
    if (!isAboutInput(thrown)) {
      return fault(thrown);
    }
    if (thrown instanceof NoSuchFileException && !text.contains(": ")) {
      return text + ": expected a file but there is none";
    }
    if (thrown instanceof AccessDeniedException && !text.contains(": ")) {
      return text + ": expected access but it is denied";
    }
    return text;
  }

  private static String memory(String kind) {
    if (kind.startsWith("Java heap") || kind.startsWith("GC overhead") || kind.contains("array")) {
      long heap = Runtime.getRuntime().maxMemory() >> 20;
      return "memory: expected enough for the work but the heap of "
          + heap
          + " MiB is full; -Xmx gives Java more";
    }
    return "memory: expected enough outside the heap but there is no more (" + kind + ")";
  }

  /** Returns whether a failure speaks of what the command was given. */
  private static boolean isAboutInput(Throwable thrown) {
    return thrown instanceof IOException
        || thrown instanceof UncheckedIOException
        || thrown instanceof IllegalArgumentException
        || thrown instanceof IllegalStateException
        || thrown instanceof ArithmeticException;
  }

  /** Says that the fault is ours, and where it is. */
  private static String fault(Throwable thrown) {
    StackTraceElement[] trace = thrown.getStackTrace();
    return "a fault of this program, please report it: "
        + thrown
        + (trace.length == 0 ? "" : " at " + trace[0]);
  }
}
