package org.allclose.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.allclose.internal.file.FileKind;
import org.allclose.internal.file.InputFile;
import org.allclose.jnpy.Npy;
import org.allclose.jnpy.NpyArray;
import org.allclose.jnpy.NpyFile;
import org.allclose.jnpy.NpzFile;
import org.allclose.jnpy.NpzWriter;

/** {@code allclose convert}: rewrites numpy files in C order and little-endian. */
final class ConvertCommand extends Subcommand {
  private static final Pattern ROWS = Pattern.compile("([0-9]{1,18}):([0-9]{1,18})");

  private final Supplier<Path> in =
      reads(argument(Path.class, "IN", "File to read, told by its content."));
  private final Supplier<Path> out =
      writes(argument(Path.class, "OUT", "File to write, of the same kind."), ".npy", ".npz");
  private final Supplier<Optional<String>> rows =
      optional(
          String.class,
          "--rows",
          "FROM:TO",
          "Only these rows of a .npy: from FROM, counted from 0, to before TO.");

  private final ReadingOptions reading = new ReadingOptions(this);

  ConvertCommand() {
    super("convert", "Rewrite a .npy or .npz in C order and little-endian; dtypes are kept.");
  }

  @Override
  public Integer call() throws IOException {
    Path in = this.in.get();
    Path out = this.out.get();
    InputFile file = InputFile.of(in).require(FileKind.NPY, FileKind.NPZ);
    if (file.kind() == FileKind.NPZ) {
      OutputKind.NPZ.require("OUT", out);
      convertEntries(file, out);
    } else {
      try (NpyFile mapped = Npy.open(file.content(), reading.of(file))) {
        OutputKind.NPY.require("OUT", out);
        Npy.write(out, rowsOf(mapped.array()).canonical());
      }
    }
    return Allclose.GOOD;
  }

  private void convertEntries(InputFile in, Path out) throws IOException {
    if (rows.get().isPresent()) {
      throw new IllegalArgumentException(
          "--rows: expected a .npy file but got the .npz " + in.name());
    }
    try (NpzFile npz = NpzFile.open(in.content(), reading.of(in));
        NpzWriter writer = NpzWriter.create(out)) {
      List<String> arrays = npz.arrayNames();
      for (String name : arrays) {
        try (NpyFile entry = npz.map(name)) {
          writer.write(name, entry.array().canonical());
        }
      }
      writer.finish();
      for (String name : npz.names()) {
        if (!arrays.contains(name)) {
          err().println("left out " + in + "!" + name + ": not an array");
        }
      }
    }
  }

  private NpyArray rowsOf(NpyArray array) {
    if (rows.get().isEmpty()) {
      return array;
    }
    Matcher range = ROWS.matcher(rows.get().get());
    if (!range.matches()) {
      throw new IllegalArgumentException(
          "--rows: expected two row numbers, FROM:TO, but got " + rows.get().get());
    }
    try {
      return array.rows(Long.parseLong(range.group(1)), Long.parseLong(range.group(2)));
    } catch (IndexOutOfBoundsException e) {
      throw new IllegalArgumentException("--rows: " + e.getMessage(), e);
    }
  }
}
