package org.allclose.weights;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.allclose.WeightSource;

/** Opens files of weights of any kind. */
public final class WeightFiles {
  private WeightFiles() {}

  /**
   * Opens a {@code .npz} or a {@code .safetensors} file; which, its first bytes tell.
   *
   * @throws IOException if it cannot be read, or is not in its format
   */
  public static WeightSource open(Path file) throws IOException {
    byte[] start;
    try (InputStream in = Files.newInputStream(file)) {
      start = in.readNBytes(Long.BYTES + 1);
    }
    // A zip file starts with PK. The other's header is an object behind 8 bytes of its length.
    boolean isZip = start.length >= 2 && start[0] == 'P' && start[1] == 'K';
    boolean isSafetensors = start.length == Long.BYTES + 1 && start[Long.BYTES] == '{';
    return isSafetensors && !isZip ? SafetensorsFile.open(file) : NumpyWeights.open(file);
  }
}
