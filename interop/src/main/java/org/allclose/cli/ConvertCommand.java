package org.allclose.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.allclose.jnpy.Npy;
import org.allclose.jnpy.NpyArray;
import org.allclose.jnpy.Npz;
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
    if (FileKind.isNpz(in)) {
      Map<String, NpyArray> arrays = Npz.read(in);
      arrays.replaceAll((name, array) -> array.canonical());
      Npz.write(out, arrays);
    } else {
      Npy.write(out, Npy.read(in).canonical());
    }
    return Allclose.GOOD;
  }
}
