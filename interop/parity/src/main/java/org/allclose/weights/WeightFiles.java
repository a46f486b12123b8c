package org.allclose.weights;

import java.io.IOException;
import java.nio.file.Path;
import org.allclose.WeightSource;
import org.allclose.jnpy.FileKind;
import org.allclose.jnpy.InputFile;
import org.allclose.jnpy.ReadOptions;

/** Opens files of weights of any kind. */
public final class WeightFiles {
  private WeightFiles() {}

  /**
   * Opens a {@code .npz} or a {@code .safetensors} file, or an index that joins several of the
   * latter; which, its first bytes tell.
   *
   * @throws IOException if it cannot be read, is not in its format, or is of another kind
   */
  public static WeightSource open(Path file) throws IOException {
    return open(InputFile.of(file), ReadOptions.defaults());
  }

  /** As {@link #open(Path)}, of a file that was looked at, with other options. */
  public static WeightSource open(InputFile file, ReadOptions options) throws IOException {
    return switch (file.kind()) {
      case NPZ -> NumpyWeights.open(file, options);
      case SAFETENSORS -> SafetensorsFile.open(file);
      case JSON -> SafetensorsShards.open(file);
      default -> throw file.isNot(FileKind.NPZ, FileKind.SAFETENSORS);
    };
  }
}
