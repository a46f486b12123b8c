package org.allclose.weights;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.allclose.WeightSource;
import org.allclose.jnpy.NpyException;
import org.allclose.jnpy.NpzFile;
import org.allclose.message.Excerpt;
import org.allclose.tensor.Tensor;

/**
 * Parameters in a {@code .npz} file, as {@code np.savez} writes it: an entry a parameter, under its
 * name, such as {@code fc1/W}.
 */
public final class NumpyWeights implements WeightSource {
  private final Path file;
  private final List<String> names;
  private final Map<String, Tensor> tensors;
  private final Map<String, String> refused;

  private NumpyWeights(
      Path file, List<String> names, Map<String, Tensor> tensors, Map<String, String> refused) {
    this.file = file;
    this.names = names;
    this.tensors = tensors;
    this.refused = refused;
  }

  /**
   * Reads all arrays of a file. One of a kind that no parameter is, such as an object or a text,
   * has a name, and is an error when it is asked for.
   *
   * @throws NpyException if the file is not in the format
   * @throws IOException if it cannot be read
   */
  public static NumpyWeights open(Path file) throws IOException {
    Map<String, Tensor> tensors = new HashMap<>();
    Map<String, String> refused = new HashMap<>();
    try (NpzFile npz = NpzFile.open(file)) {
      List<String> names = npz.arrayNames();
      for (String name : names) {
        try {
          tensors.put(name, NumpyTensors.toTensor(npz.read(name)));
        } catch (IllegalArgumentException e) {
          refused.put(name, e.getMessage());
        } catch (NpyException e) {
          if (e.reason() != NpyException.Reason.UNSUPPORTED_DTYPE) {
            throw e;
          }
          refused.put(name, e.getMessage());
        }
      }
      return new NumpyWeights(file, names, tensors, refused);
    }
  }

  /** Returns the file's path. */
  @Override
  public String description() {
    return file.toString();
  }

  @Override
  public Set<String> names() {
    return Collections.unmodifiableSet(new LinkedHashSet<>(names));
  }

  @Override
  public Tensor get(String name) {
    if (refused.containsKey(name)) {
      throw new IllegalArgumentException(refused.get(name));
    }
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException(
          file + ": expected one of " + Excerpt.of(names) + " but got '" + Excerpt.of(name) + "'");
    }
    return tensor;
  }

  @Override
  public String toString() {
    return "NumpyWeights[" + file + "]";
  }
}
