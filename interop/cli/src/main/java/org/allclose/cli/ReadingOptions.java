package org.allclose.cli;

import java.util.function.Supplier;
import org.allclose.internal.file.InputFile;
import org.allclose.jnpy.ReadOptions;

/** The options that say how arrays are read. */
final class ReadingOptions {
  private final Supplier<Boolean> bfloat16;

  ReadingOptions(Subcommand command) {
    bfloat16 =
        command.flag(
            "--bfloat16",
            "Read elements of two bytes without a type (|V2), which is what numpy saves of bfloat16,"
                + " as bfloat16.");
  }

  ReadOptions get() {
    return ReadOptions.defaults().withVoidAsBfloat16(bfloat16.get());
  }

  /** Returns the options for the bytes of a file that was looked at, which may be a copy. */
  ReadOptions of(InputFile file) {
    return get().withSource(file.name());
  }
}
