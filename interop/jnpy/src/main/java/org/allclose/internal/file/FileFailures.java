package org.allclose.internal.file;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Failures of the file system, told in one form: the file as it was given, then what failed and
 * why, as in {@code out.npz: cannot be written: no space left on device}.
 *
 * <p>The JDK gives the name of a file alone, or the reason alone, or the name of a file that nobody
 * has heard of.
 */
public final class FileFailures {
  private FileFailures() {}

  /**
   * Returns what to throw where a file could not be opened or read: an exception of the same kind
   * if the file is missing or denied.
   *
   * @param source the file, as messages call it
   * @param failure what the JDK threw
   */
  public static IOException reading(String source, IOException failure) {
    if (failure instanceof ClosedChannelException) {
      return failure; // by whoever reads, not by the file system
    }
    FileSystemException told;
    if (failure instanceof NoSuchFileException) {
      told = new NoSuchFileException(source, null, "expected a file but there is none");
    } else if (failure instanceof AccessDeniedException) {
      told = new AccessDeniedException(source, null, "expected access but it is denied");
    } else {
      told = new FileSystemException(source, null, "cannot be read: " + reason(failure));
    }
    told.initCause(failure);
    return told;
  }

  /**
   * Returns what to throw where a file could not be opened for writing, or written.
   *
   * @param target the file, as its writer was given it
   * @param failure what the JDK threw
   */
  public static IOException writing(Path target, IOException failure) {
    return writing(target, failure, "");
  }

  /** As {@link #writing(Path, IOException)}, with more behind the reason. */
  static IOException writing(Path target, IOException failure, String more) {
    if (failure instanceof ClosedChannelException) {
      return failure;
    }
    FileSystemException told = writing(target, reason(failure) + more);
    told.initCause(failure);
    return told;
  }

  /** Returns what to throw where a file must not be written, for a reason of ours. */
  static FileSystemException writing(Path target, String reason) {
    return new FileSystemException(target.toString(), null, "cannot be written: " + reason);
  }

  private static String reason(IOException failure) {
    if (failure instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (failure instanceof NoSuchFileException) {
      return "it is there no more";
    }
    boolean ofFile = failure instanceof FileSystemException;
    String text = ofFile ? ((FileSystemException) failure).getReason() : failure.getMessage();
    if (text == null || text.isEmpty()) {
      text = failure.getClass().getSimpleName();
    }
    return text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
  }
}
