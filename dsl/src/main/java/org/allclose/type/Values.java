package org.allclose.type;

import java.util.HashMap;
import java.util.Map;

/**
 * The values of a type's settings, from which an instance is made.
 *
 * @param <T> the record
 */
public final class Values<T> {
  private final Type<T> type;
  private final Map<Setting<T, ?>, Object> values = new HashMap<>();

  Values(Type<T> type) {
    this.type = type;
  }

  /** Returns the value of a setting: what was said, else the default. */
  @SuppressWarnings("unchecked") // put() takes what the setting has
  public <V> V get(Setting<T, V> setting) {
    Object value = values.get(setting);
    return value == null ? setting.absent(this) : (V) value;
  }

  /** Says the value of a setting; it is checked where the instance is made. */
  public <V> Values<T> put(Setting<T, V> setting, V value) {
    values.put(setting, value);
    return this;
  }

  /**
   * Returns the instance with these values.
   *
   * @throws IllegalArgumentException if a value is not accepted, or one that is required was not
   *     said
   */
  public T make() {
    return type.make(this);
  }
}
