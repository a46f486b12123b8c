package org.allclose.weights;

import java.io.IOException;
import java.nio.file.Path;
import org.allclose.WeightSource;
import org.allclose.internal.arrays.SafetensorsFile;
import org.allclose.internal.arrays.SafetensorsShards;
import org.allclose.internal.file.FileKind;
import org.allclose.internal.file.InputFile;
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
    return open(file, ReadOptions.defaults());
  }

  /** As {@link #open(Path)}, with other options. */
  public static WeightSource open(Path file, ReadOptions options) throws IOException {
    InputFile input = InputFile.of(file);
    return switch (input.kind()) {
      case NPZ -> NumpyWeights.open(input, options);
      case SAFETENSORS -> SafetensorsFile.open(input);
      case JSON -> SafetensorsShards.open(input);
      default -> throw input.isNot(FileKind.NPZ, FileKind.SAFETENSORS);
    };
  }
}
