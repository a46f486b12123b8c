package org.allclose.weights;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.allclose.internal.arrays.ArrayTensors;
import org.allclose.jnpy.Npy;
import org.allclose.jnpy.NpyArray;
import org.allclose.jnpy.Npz;
import org.allclose.jnpy.ReadOptions;
import org.allclose.tensor.Tensor;

/** Tensors in numpy files: any numeric dtype is read, exactly; float64 is written. */
public final class NumpyTensors {
  private NumpyTensors() {}

  /**
   * Reads a {@code .npy} file.
   *
   * @throws org.allclose.jnpy.NpyException if the file is not in the format, or a value is not
   *     exactly a double
   * @throws IOException if it cannot be read
   * @throws IllegalArgumentException if it has more elements than a tensor can have
   */
  public static Tensor read(Path file) throws IOException {
    return read(file, ReadOptions.defaults());
  }

  /** As {@link #read(Path)}, with other options. */
  public static Tensor read(Path file, ReadOptions options) throws IOException {
    return toTensor(Npy.read(file, options));
  }

  /**
   * Reads all entries of a {@code .npz} file, by their names.
   *
   * @throws org.allclose.jnpy.NpyException if the file is not in the format, or a value is not
   *     exactly a double
   * @throws IOException if it cannot be read
   * @throws IllegalArgumentException if an entry has more elements than a tensor can have
   */
  public static Map<String, Tensor> readNpz(Path file) throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Map.Entry<String, NpyArray> entry : Npz.read(file).entrySet()) {
      tensors.put(entry.getKey(), toTensor(entry.getValue()));
    }
    return tensors;
  }

  /**
   * Returns an array as a tensor.
   *
   * @throws IllegalArgumentException if it has more elements than a tensor can have, or an element
   *     is not exactly a double
   */
  public static Tensor toTensor(NpyArray array) {
    return ArrayTensors.of(array);
  }

  /** Returns a tensor as an array of float64. */
  public static NpyArray toArray(Tensor tensor) {
    return NpyArray.of(tensor.unwrap(), tensor.shape().toArray());
  }

  /**
   * Writes a tensor to a {@code .npy} file, which appears whole or not at all.
   *
   * @throws IOException if it cannot be written
   */
  public static void write(Path file, Tensor tensor) throws IOException {
    Npy.write(file, toArray(tensor));
  }

  /**
   * Writes tensors to a {@code .npz} file under their names; it appears whole or not at all.
   *
   * @throws IOException if it cannot be written
   */
  public static void writeNpz(Path file, Map<String, Tensor> tensors) throws IOException {
    Map<String, NpyArray> arrays = new LinkedHashMap<>();
    tensors.forEach((name, tensor) -> arrays.put(name, toArray(tensor)));
    Npz.write(file, arrays);
  }
}
