package org.allclose.type;

import java.util.List;

/**
 * Names types to the rest of the library, as a {@linkplain java.util.ServiceLoader service}: a jar
 * with layers of its own has a file {@code META-INF/services/org.allclose.type.TypeProvider} with
 * the name of a public class that implements this and has a public constructor without parameters.
 */
public interface TypeProvider {

  /** Returns all types of the jar. */
  List<Type<?>> types();
}
