package org.allclose.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.allclose.jnpy.Npy;
import org.allclose.jnpy.NpyFile;
import org.allclose.jnpy.NpzFile;
import org.allclose.jnpy.NpzWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code allclose convert}: rewrites numpy files in C order and little-endian. */
@Command(
    name = "convert",
    description = "Rewrite a .npy or .npz in C order and little-endian; dtypes are kept.",
    mixinStandardHelpOptions = true)
final class ConvertCommand implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "IN", description = "File to read, told by its content.")
  private Path in;

  @Parameters(index = "1", paramLabel = "OUT", description = "File to write, of the same kind.")
  private Path out;

  @Override
  public Integer call() throws IOException {
    FileKind kind = FileKind.of(in);
    kind.require("OUT", out);
    if (kind == FileKind.NPZ) {
      try (NpzFile npz = NpzFile.open(in);
          NpzWriter writer = NpzWriter.create(out)) {
        for (String name : npz.names()) {
          try (NpyFile entry = npz.map(name)) {
            writer.write(name, entry.array().canonical());
          }
        }
        writer.finish();
      }
    } else {
      try (NpyFile mapped = Npy.open(in)) {
        Npy.write(out, mapped.array().canonical());
      }
    }
    return Allclose.GOOD;
  }
}
