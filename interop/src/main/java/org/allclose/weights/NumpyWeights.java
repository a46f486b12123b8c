package org.allclose.weights;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import org.allclose.WeightSource;
import org.allclose.tensor.Tensor;

/**
 * Parameters in a {@code .npz} file, as {@code np.savez} writes it: an entry a parameter, under its
 * name, such as {@code fc1/W}.
 */
public final class NumpyWeights implements WeightSource {
  private final Path file;
  private final Map<String, Tensor> tensors;

  private NumpyWeights(Path file, Map<String, Tensor> tensors) {
    this.file = file;
    this.tensors = tensors;
  }

  /**
   * Reads all parameters of a file.
   *
   * @throws org.allclose.jnpy.NpyException if the file is not in the format, or a value is not
   *     exactly a double
   * @throws IOException if it cannot be read
   */
  public static NumpyWeights open(Path file) throws IOException {
    return new NumpyWeights(file, NumpyTensors.readNpz(file));
  }

  /** Returns the file's path. */
  @Override
  public String description() {
    return file.toString();
  }

  @Override
  public Set<String> names() {
    return Collections.unmodifiableSet(tensors.keySet());
  }

  @Override
  public Tensor get(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException(
          file + ": expected one of " + tensors.keySet() + " but got '" + name + "'");
    }
    return tensor;
  }

  @Override
  public String toString() {
    return "NumpyWeights[" + file + "]";
  }
}
