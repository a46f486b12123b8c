package org.allclose;

import java.util.Set;
import org.allclose.tensor.Tensor;

/** Where a network's parameters come from: tensors by name, such as {@code fc1/W}. */
public interface WeightSource {

  /** Returns what errors call this source, such as a file name. */
  String description();

  /** Returns the names of all tensors, in the order of the source. */
  Set<String> names();

  /**
   * Returns one tensor.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  Tensor get(String name);
}
