package org.allclose.type;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * All types of one family, such as all layers: those of this library, and those that other jars
 * {@linkplain TypeProvider provide}.
 *
 * @param <F> the family, such as {@code Layer}
 */
public final class Types<F> {
  private final Map<String, Type<? extends F>> byName;

  private Types(Map<String, Type<? extends F>> byName) {
    this.byName = byName;
  }

  /**
   * Returns the types of a family, in the order in which they are provided.
   *
   * @throws IllegalStateException if two have the same name
   */
  public static <F> Types<F> of(Class<F> family) {
    Map<String, Type<? extends F>> byName = new LinkedHashMap<>();
    for (Type<?> type : provided()) {
      if (family.isAssignableFrom(type.kind())) {
        @SuppressWarnings("unchecked") // as it was asked in the line before
        Type<? extends F> member = (Type<? extends F>) type;
        Type<?> taken = byName.putIfAbsent(type.name(), member);
        if (taken != null) {
          throw new IllegalStateException(
              "type '"
                  + type.name()
                  + "': expected one of this name but got "
                  + taken.kind().getName()
                  + " and "
                  + type.kind().getName());
        }
      }
    }
    return new Types<>(byName);
  }

  /** Asks the class loader of the thread, or, if that does not know this library, its own. */
  private static List<Type<?>> provided() {
    List<Type<?>> types = new ArrayList<>();
    ServiceLoader.load(TypeProvider.class).forEach(provider -> types.addAll(provider.types()));
    if (types.isEmpty()) {
      ServiceLoader.load(TypeProvider.class, Types.class.getClassLoader())
          .forEach(provider -> types.addAll(provider.types()));
    }
    return types;
  }

  /** Returns all, in order. */
  public Collection<Type<? extends F>> all() {
    return byName.values();
  }

  /** Returns the types by their names, in order. */
  public Map<String, Type<? extends F>> byName() {
    return Collections.unmodifiableMap(byName);
  }

  /** Returns the type of a name. */
  public Optional<Type<? extends F>> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }
}
