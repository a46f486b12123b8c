package org.allclose.jnpy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Opens files that are read. */
public final class InputFile {
  private InputFile() {}

  /**
   * Opens a file for reading.
   *
   * @throws IOException if there is none, it is a folder, or it may not be read, see {@link
   *     FileFailures#reading}
   */
  public static FileChannel open(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new FileSystemException(file.toString(), null, "expected a file but got a folder");
    }
    try {
      return FileChannel.open(file, StandardOpenOption.READ);
    } catch (IOException e) {
      throw FileFailures.reading(file.toString(), e);
    }
  }
}
