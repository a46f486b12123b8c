package org.allclose.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.allclose.jnpy.Npy;
import org.allclose.jnpy.NpyArray;
import org.allclose.jnpy.NpyFile;
import org.allclose.jnpy.NpzFile;
import org.allclose.jnpy.NpzWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code allclose convert}: rewrites numpy files in C order and little-endian. */
@Command(
    name = "convert",
    description = "Rewrite a .npy or .npz in C order and little-endian; dtypes are kept.",
    mixinStandardHelpOptions = true)
final class ConvertCommand implements Callable<Integer> {
  private static final Pattern ROWS = Pattern.compile("([0-9]{1,18}):([0-9]{1,18})");

  @Parameters(index = "0", paramLabel = "IN", description = "File to read, told by its content.")
  private Path in;

  @Parameters(index = "1", paramLabel = "OUT", description = "File to write, of the same kind.")
  private Path out;

  @Option(
      names = "--rows",
      paramLabel = "FROM:TO",
      description = "Only these rows of a .npy: from FROM, counted from 0, to before TO.")
  private Optional<String> rows;

  @Override
  public Integer call() throws IOException {
    FileKind kind = FileKind.of(in);
    kind.require("OUT", out);
    if (kind == FileKind.NPZ) {
      convertEntries();
    } else {
      try (NpyFile mapped = Npy.open(in)) {
        Npy.write(out, rowsOf(mapped.array()).canonical());
      }
    }
    return Allclose.GOOD;
  }

  private void convertEntries() throws IOException {
    if (rows.isPresent()) {
      throw new IllegalArgumentException("--rows: expected a .npy file but got the .npz " + in);
    }
    try (NpzFile npz = NpzFile.open(in);
        NpzWriter writer = NpzWriter.create(out)) {
      for (String name : npz.names()) {
        try (NpyFile entry = npz.map(name)) {
          writer.write(name, entry.array().canonical());
        }
      }
      writer.finish();
    }
  }

  private NpyArray rowsOf(NpyArray array) {
    if (rows.isEmpty()) {
      return array;
    }
    Matcher range = ROWS.matcher(rows.get());
    if (!range.matches()) {
      throw new IllegalArgumentException(
          "--rows: expected two row numbers, FROM:TO, but got " + rows.get());
    }
    try {
      return array.rows(Long.parseLong(range.group(1)), Long.parseLong(range.group(2)));
    } catch (IndexOutOfBoundsException e) {
      throw new IllegalArgumentException("--rows: " + e.getMessage(), e);
    }
  }
}
