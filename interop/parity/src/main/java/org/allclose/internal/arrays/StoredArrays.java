package org.allclose.internal.arrays;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.allclose.internal.file.FileKind;
import org.allclose.internal.file.InputFile;
import org.allclose.jnpy.Npy;
import org.allclose.jnpy.NpyException;
import org.allclose.jnpy.NpzFile;
import org.allclose.jnpy.ReadOptions;

/** Reads the arrays of files of any kind, whatever their dtypes are. */
public final class StoredArrays {

  /** What the array of a {@code .npy} file is called, which has no name. */
  public static final String ARRAY = "array";

  private StoredArrays() {}

  /**
   * Reads all arrays of a {@code .npy}, {@code .npz} or {@code .safetensors} file, or of all files
   * that a safetensors index joins, by their names.
   *
   * <p>An array whose dtype is refused is there, and says why; other files in a {@code .npz} are
   * not.
   *
   * @throws IOException if the file cannot be read, or is not in its format
   */
  public static Map<String, StoredArray> read(InputFile file, ReadOptions options)
      throws IOException {
    return switch (file.kind()) {
      case NPY ->
          Map.of(ARRAY, StoredArray.of(Npy.read(file.content(), options.withSource(file.name()))));
      case NPZ -> readNpz(file, options);
      case SAFETENSORS -> readAll(SafetensorsFile.open(file));
      case JSON -> readAll(SafetensorsShards.open(file));
      default -> throw file.isNot(FileKind.NPZ, FileKind.NPY, FileKind.SAFETENSORS);
    };
  }

  /** As {@link #read}, of a {@code .npz} file. */
  public static Map<String, StoredArray> readNpz(InputFile file, ReadOptions options)
      throws IOException {
    Map<String, StoredArray> arrays = new LinkedHashMap<>();
    try (NpzFile npz = NpzFile.open(file.content(), options.withSource(file.name()))) {
      for (String name : npz.names()) {
        if (npz.isArray(name)) {
          arrays.put(name, read(npz, name));
        }
      }
      if (arrays.isEmpty() && !npz.names().isEmpty()) {
        throw new IOException(
            file.name()
                + ": expected a .npz file but got a zip file without arrays, of "
                + npz.names().size()
                + (npz.names().size() == 1 ? " file" : " files"));
      }
    }
    return arrays;
  }

  private static StoredArray read(NpzFile npz, String name) throws IOException {
    try {
      return StoredArray.of(npz.read(name));
    } catch (NpyException e) {
      if (e.reason() == NpyException.Reason.UNSUPPORTED_DTYPE) {
        return StoredArray.unreadable(e.getMessage());
      }
      throw e;
    }
  }

  private static Map<String, StoredArray> readAll(ArraySource source) throws IOException {
    Map<String, StoredArray> arrays = new LinkedHashMap<>();
    for (String name : source.names()) {
      arrays.put(name, source.array(name));
    }
    return arrays;
  }
}
