package org.allclose.internal.arrays;

import java.util.Optional;
import org.allclose.internal.text.Tuple;
import org.allclose.jnpy.NpyArray;

/**
 * An array as a file holds it, of any dtype.
 *
 * @param dtype the dtype's name, numpy's if it has one and else the file's own, such as {@code
 *     F8_E4M3}
 * @param shape the shape, as Python prints it
 * @param elements the elements; of a dtype that numpy lacks, their bytes as uint8; empty if the
 *     array cannot be read
 * @param fault why it cannot be read; empty if it can
 */
public record StoredArray(String dtype, String shape, Optional<NpyArray> elements, String fault) {

  /** Returns an array of a dtype that numpy has. */
  public static StoredArray of(NpyArray elements) {
    return new StoredArray(
        elements.dtype().numpyName(), Tuple.of(elements.shape()), Optional.of(elements), "");
  }

  /** Returns an array of a dtype that numpy lacks, as the bytes that it has in its file. */
  static StoredArray ofBytes(String dtype, long[] shape, NpyArray bytes) {
    return new StoredArray(dtype, Tuple.of(shape), Optional.of(bytes), "");
  }

  /** Returns an array that cannot be read. */
  static StoredArray unreadable(String fault) {
    return new StoredArray("", "", Optional.empty(), fault);
  }

  /** Returns whether numpy has elements of this dtype. */
  public boolean isNumpy() {
    return elements.isPresent() && dtype.equals(elements.get().dtype().numpyName());
  }

  /** Returns dtype and shape, such as {@code int64 of shape (3,)}. */
  public String description() {
    return dtype + " of shape " + shape;
  }
}
