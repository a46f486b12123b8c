package org.allclose.cli;

import java.nio.file.Path;
import java.util.Locale;

/** The two kinds of numpy's files that are written: one array, or a zip file of arrays. */
enum OutputKind {
  NPY(".npy"),
  NPZ(".npz");

  private final String suffix;

  OutputKind(String suffix) {
    this.suffix = suffix;
  }

  /**
   * Refuses a name that says the file is of the other kind.
   *
   * @throws IllegalArgumentException if it does
   */
  void require(String option, Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    for (OutputKind kind : values()) {
      if (kind != this && name.endsWith(kind.suffix)) {
        throw new IllegalArgumentException(
            option + ": expected the name of a " + suffix + " file but got " + file);
      }
    }
  }
}
