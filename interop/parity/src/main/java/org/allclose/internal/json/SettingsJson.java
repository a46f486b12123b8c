package org.allclose.internal.json;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;
import org.allclose.json.JsonFormatException;
import org.allclose.tensor.Extent2d;
import org.allclose.tensor.Shape;
import org.allclose.type.Setting;
import org.allclose.type.Type;
import org.allclose.type.Values;

/** What a type says of its settings, as JSON and back: each setting is a key. */
public final class SettingsJson {
  private SettingsJson() {}

  /**
   * Reads the settings of a type and makes its instance of them.
   *
   * @throws JsonFormatException if a setting is missing or not in its range
   * @throws IllegalArgumentException if settings do not go together
   */
  public static <T> T read(Type<T> type, JsonFields fields) throws JsonFormatException {
    Values<T> values = type.values();
    for (Setting<T, ?> setting : type.settings()) {
      if (setting.kind() != Setting.Kind.PROGRAM
          && (setting.isRequired() || fields.has(setting.name()))) {
        read(setting, fields, values);
      }
    }
    return values.make();
  }

  private static <T, V> void read(Setting<T, V> setting, JsonFields fields, Values<T> values)
      throws JsonFormatException {
    String key = setting.name();
    V value = setting.fromPlain(plain(setting, fields));
    if (!setting.accepts(value)) {
      throw fields.error(key, setting.range(), fields.brief(key));
    }
    values.put(setting, value);
  }

  private static Object plain(Setting<?, ?> setting, JsonFields fields) throws JsonFormatException {
    String key = setting.name();
    return switch (setting.kind()) {
      case INTEGER -> fields.integer(key);
      case WHOLE -> fields.whole(key);
      case NUMBER, OPTIONAL_NUMBER -> fields.number(key);
      case TRUTH -> fields.truth(key);
      case EXTENT -> extent(key, fields);
      case AXES -> Shape.of(fields.integers(key, 1));
      case INTEGERS -> Arrays.stream(fields.integers(key, Integer.MIN_VALUE)).boxed().toList();
      case NUMBERS -> Arrays.stream(fields.numbers(key)).boxed().toList();
      case CHOICE ->
          fields.oneOf(
              key,
              setting.choices().stream()
                  .collect(
                      Collectors.toMap(
                          name -> name, name -> name, (a, b) -> a, LinkedHashMap::new)));
      case PROGRAM -> throw new IllegalStateException(setting + ": expected a setting of files");
    };
  }

  /** Reads an array of two numbers, or one number for both. */
  private static Extent2d extent(String key, JsonFields fields) throws JsonFormatException {
    if (fields.isNumber(key)) {
      return Extent2d.of(fields.integer(key));
    }
    int[] both = fields.integers(key, Integer.MIN_VALUE);
    if (both.length != 2) {
      throw fields.error(key, "[vertical, horizontal]", both.length + " numbers");
    }
    return new Extent2d(both[0], both[1]);
  }

  /**
   * Adds the settings of an instance to an object; quiet ones that have their default are left out.
   */
  public static <T> void write(Type<T> type, Object instance, JsonObject json) {
    T own = type.kind().cast(instance);
    for (Setting<T, ?> setting : type.settings()) {
      write(type, own, setting, json);
    }
  }

  private static <T, V> void write(
      Type<T> type, T instance, Setting<T, V> setting, JsonObject json) {
    if (type.says(instance, setting)) {
      setting
          .toPlain(type.get(instance, setting))
          .ifPresent(plain -> add(json, setting.name(), plain));
    }
  }

  private static void add(JsonObject json, String key, Object plain) {
    if (plain instanceof Boolean truth) {
      json.addProperty(key, truth);
    } else if (plain instanceof Number number) {
      json.addProperty(key, number);
    } else if (plain instanceof Extent2d extent) {
      json.add(key, integers(extent.height(), extent.width()));
    } else if (plain instanceof Shape shape) {
      json.add(key, integers(shape.toArray()));
    } else if (plain instanceof List<?> list) {
      json.add(key, numbers(list));
    } else {
      json.addProperty(key, plain.toString());
    }
  }

  private static JsonArray numbers(List<?> values) {
    JsonArray array = new JsonArray();
    for (Object value : values) {
      array.add((Number) value);
    }
    return array;
  }

  /** Returns an array of numbers. */
  public static JsonArray integers(int... values) {
    JsonArray array = new JsonArray();
    for (int value : values) {
      array.add(value);
    }
    return array;
  }
}
