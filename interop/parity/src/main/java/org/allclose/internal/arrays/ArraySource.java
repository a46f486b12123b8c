package org.allclose.internal.arrays;

import java.io.IOException;
import java.util.Set;

/** Where arrays of any dtype come from, by name. */
public interface ArraySource {

  /** Returns the names of all arrays, in the order of the source. */
  Set<String> names();

  /**
   * Returns one array; if its dtype is refused, one that says so.
   *
   * @throws IllegalArgumentException if there is none of that name
   * @throws IOException if it cannot be read
   */
  StoredArray array(String name) throws IOException;
}
