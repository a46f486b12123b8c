package org.allclose.weights;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import org.allclose.WeightSource;
import org.allclose.internal.arrays.StoredArray;
import org.allclose.internal.arrays.StoredArrays;
import org.allclose.internal.file.InputFile;
import org.allclose.internal.message.Excerpt;
import org.allclose.jnpy.ReadOptions;
import org.allclose.tensor.Tensor;

/**
 * Parameters in a {@code .npz} file, as {@code np.savez} writes it: an entry a parameter, under its
 * name, such as {@code fc1/W}.
 *
 * <p>The arrays are read when the file is opened. One that cannot be a tensor, such as a string or
 * a Python object, may be there, and is an error when it is asked for.
 */
public final class NumpyWeights implements WeightSource {
  private final String file;
  private final Map<String, StoredArray> arrays;

  private NumpyWeights(String file, Map<String, StoredArray> arrays) {
    this.file = file;
    this.arrays = arrays;
  }

  /**
   * Reads all arrays of a file. One of a kind that no parameter is, such as an object or a text,
   * has a name, and is an error when it is asked for.
   *
   * @throws org.allclose.jnpy.NpyException if the file is not in the format
   * @throws IOException if it cannot be read
   */
  public static NumpyWeights open(Path file) throws IOException {
    return open(InputFile.of(file), ReadOptions.defaults());
  }

  static NumpyWeights open(InputFile file, ReadOptions options) throws IOException {
    return new NumpyWeights(file.name(), StoredArrays.readNpz(file, options));
  }

  /** Returns the file's path. */
  @Override
  public String description() {
    return file;
  }

  @Override
  public Set<String> names() {
    return Collections.unmodifiableSet(arrays.keySet());
  }

  /**
   * Returns one tensor, a new one each time.
   *
   * @throws IllegalArgumentException if there is none of that name, or it is no tensor: its dtype
   *     is refused, or a value is not exactly a double
   */
  @Override
  public Tensor get(String name) {
    StoredArray array = arrays.get(name);
    if (array == null) {
      throw new IllegalArgumentException(
          file
              + ": expected one of "
              + Excerpt.of(arrays.keySet())
              + " but got '"
              + Excerpt.of(name)
              + "'");
    }
    return NumpyTensors.toTensor(
        array.elements().orElseThrow(() -> new IllegalArgumentException(array.fault())));
  }

  @Override
  public String toString() {
    return "NumpyWeights[" + file + "]";
  }
}
