package org.allclose.weights;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.Path;
import org.allclose.WeightSource;
import org.allclose.jnpy.InputFile;

/** Opens files of weights of any kind. */
public final class WeightFiles {
  private WeightFiles() {}

  /**
   * Opens a {@code .npz} or a {@code .safetensors} file; which, its first bytes tell.
   *
   * @throws IOException if it cannot be read, or is not in its format
   */
  public static WeightSource open(Path file) throws IOException {
    return isSafetensors(file) ? SafetensorsFile.open(file) : NumpyWeights.open(file);
  }

  /**
   * Returns whether a file looks like a {@code .safetensors}: its header is an object behind 8
   * bytes of its length.
   *
   * @throws IOException if it cannot be read
   */
  public static boolean isSafetensors(Path file) throws IOException {
    byte[] start;
    try (InputStream in = Channels.newInputStream(InputFile.open(file))) {
      start = in.readNBytes(Long.BYTES + 1);
    }
    // A zip file starts with PK, a .npy with 0x93.
    return start.length == Long.BYTES + 1
        && start[Long.BYTES] == '{'
        && start[0] != (byte) 0x93
        && !(start[0] == 'P' && start[1] == 'K');
  }
}
