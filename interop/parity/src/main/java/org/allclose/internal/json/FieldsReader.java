package org.allclose.internal.json;

import java.io.IOException;

/**
 * Makes something of the fields of a JSON object.
 *
 * @param <T> what it makes
 * @param <E> what it throws
 */
@FunctionalInterface
public interface FieldsReader<T, E extends IOException> {

  /**
   * Asks for fields; those that it does not ask for are errors when it returns.
   *
   * @throws IllegalArgumentException if the object is no good: then its place is put before the
   *     message
   * @throws E if it cannot be read otherwise
   */
  T read(JsonFields fields) throws E;
}
