package org.allclose.internal.file;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The outputs that this process was started with, under the names that Linux has for them.
 *
 * <p>To open such a name anew would begin at the start of the file behind it, and fail for a
 * socket; so they are written to where they stand, and never closed.
 */
final class StandardOutputs {
  private StandardOutputs() {}

  /** Returns the output of a path in {@code /proc/PID/fd}, if it is one of this process. */
  static Optional<FileChannel> of(Path file) {
    Path process = file.getRoot().resolve(file.subpath(0, 2));
    boolean ours = process.endsWith(Long.toString(ProcessHandle.current().pid()));
    return switch (ours ? file.getFileName().toString() : "") {
      case "1" -> Optional.of(channel(FileDescriptor.out));
      case "2" -> Optional.of(channel(FileDescriptor.err));
      default -> Optional.empty();
    };
  }

  private static FileChannel channel(FileDescriptor descriptor) {
    return new FileOutputStream(descriptor).getChannel();
  }
}
