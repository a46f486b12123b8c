package org.allclose.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tells numpy's files apart by their first bytes, not by their names. */
final class FileKind {
  private FileKind() {}

  /** Returns whether a file starts as a zip file does: with a local header, or empty. */
  static boolean isNpz(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] start = in.readNBytes(4);
      return start.length == 4
          && start[0] == 'P'
          && start[1] == 'K'
          && ((start[2] == 3 && start[3] == 4) || (start[2] == 5 && start[3] == 6));
    }
  }
}
