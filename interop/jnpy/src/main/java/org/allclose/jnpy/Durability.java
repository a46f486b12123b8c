package org.allclose.jnpy;

import java.io.IOException;
import java.nio.file.Path;
import org.allclose.internal.file.AtomicFile;

/**
 * What a written file survives. Either way it appears whole or not at all: what is written goes to
 * a new file beside the target, which takes its place in one step.
 *
 * <p>A file that is replaced keeps its mode and, where the system lets its writer give files away,
 * owner and group. A symbolic link stays one; other names of a hard link keep the old content. A
 * device, a pipe and {@code /dev/stdout} are written to as the bytes come, and never replaced.
 */
public enum Durability {
  /** A loss of power right after it was written: its bytes are forced to the disk first. */
  FORCED,
  /**
   * The end of this process, however sudden. The system writes the bytes to the disk when it likes,
   * as it does for numpy.
   */
  BUFFERED;

  /** Starts a file that survives this. */
  AtomicFile create(Path file) throws IOException {
    return this == FORCED ? AtomicFile.create(file) : AtomicFile.createUnforced(file);
  }
}
