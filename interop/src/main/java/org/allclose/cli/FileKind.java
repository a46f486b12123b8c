package org.allclose.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.Locale;
import org.allclose.jnpy.InputFile;

/** The two kinds of numpy's files: one array, or a zip file of arrays. */
enum FileKind {
  NPY(".npy"),
  NPZ(".npz");

  private final String suffix;

  FileKind(String suffix) {
    this.suffix = suffix;
  }

  /**
   * Tells the kind of a file by its first bytes, not by its name: a zip file starts with a local
   * header, or ends at once.
   *
   * @throws IOException if there is no such file, or it cannot be read
   */
  static FileKind of(Path file) throws IOException {
    try (InputStream in = Channels.newInputStream(InputFile.open(file))) {
      byte[] start = in.readNBytes(4);
      boolean zip =
          start.length == 4
              && start[0] == 'P'
              && start[1] == 'K'
              && ((start[2] == 3 && start[3] == 4) || (start[2] == 5 && start[3] == 6));
      return zip ? NPZ : NPY;
    }
  }

  /**
   * Refuses a name that says the file is of the other kind.
   *
   * @throws IllegalArgumentException if it does
   */
  void require(String option, Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    for (FileKind kind : values()) {
      if (kind != this && name.endsWith(kind.suffix)) {
        throw new IllegalArgumentException(
            option + ": expected the name of a " + suffix + " file but got " + file);
      }
    }
  }
}
