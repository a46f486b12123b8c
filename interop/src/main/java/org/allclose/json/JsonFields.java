package org.allclose.json;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.allclose.message.Excerpt;

/**
 * The fields of a JSON object, taken one by one; those that nobody took are errors.
 *
 * <p>Remembers which keys were asked for: {@link #close} refuses all others. Every error starts
 * with the object's place.
 */
public final class JsonFields {
  private static final int LONGEST_VALUE = 60;

  private final String place;
  private final JsonObject object;
  private final Set<String> known = new LinkedHashSet<>();

  private JsonFields(String place, JsonObject object) {
    this.place = place;
    this.object = object;
  }

  static JsonFields of(String place, JsonElement element) throws JsonFormatException {
    if (!element.isJsonObject()) {
      throw new JsonFormatException(place + ": expected an object but got " + brief(element));
    }
    return new JsonFields(place, element.getAsJsonObject());
  }

  /** Returns what errors call this object. */
  public String place() {
    return place;
  }

  /** Returns whether the object has a key. */
  public boolean has(String key) {
    known.add(key);
    return object.has(key);
  }

  /** Returns the keys in their order; using them counts as knowing them all. */
  public Set<String> keys() {
    known.addAll(object.keySet());
    return new LinkedHashSet<>(object.keySet());
  }

  /**
   * Returns a text.
   *
   * @throws JsonFormatException if the key is missing or not a text
   */
  public String text(String key) throws JsonFormatException {
    JsonElement value = value(key);
    if (!(value instanceof JsonPrimitive primitive && primitive.isString())) {
      throw error(key, "a text", value);
    }
    return value.getAsString();
  }

  /** Returns whether the key holds a text rather than something else. */
  public boolean isText(String key) {
    return has(key) && object.get(key) instanceof JsonPrimitive primitive && primitive.isString();
  }

  /** Returns whether the key holds a number rather than something else. */
  public boolean isNumber(String key) {
    return has(key) && isNumber(object.get(key));
  }

  /**
   * Returns a whole number, exactly.
   *
   * @throws JsonFormatException if the key is missing or not a whole number that fits an int
   */
  public int integer(String key) throws JsonFormatException {
    JsonElement value = value(key);
    return integer(place + ": " + key, value);
  }

  /**
   * Returns a number.
   *
   * @throws JsonFormatException if the key is missing or not a finite number
   */
  public double number(String key) throws JsonFormatException {
    JsonElement value = value(key);
    if (!isNumber(value) || Double.isInfinite(value.getAsDouble())) {
      throw error(key, "a finite number", value);
    }
    return value.getAsDouble();
  }

  /**
   * Returns a number, or the given one if the key is missing.
   *
   * @throws JsonFormatException if it is not a finite number
   */
  public double number(String key, double absent) throws JsonFormatException {
    return has(key) ? number(key) : absent;
  }

  /**
   * Returns a truth value, or the given one if the key is missing.
   *
   * @throws JsonFormatException if it is not true or false
   */
  public boolean truth(String key, boolean absent) throws JsonFormatException {
    return has(key) ? truth(key) : absent;
  }

  /**
   * Returns a truth value.
   *
   * @throws JsonFormatException if the key is missing or not true or false
   */
  public boolean truth(String key) throws JsonFormatException {
    JsonElement value = value(key);
    if (!(value instanceof JsonPrimitive primitive && primitive.isBoolean())) {
      throw error(key, "true or false", value);
    }
    return value.getAsBoolean();
  }

  /**
   * Returns an array of whole numbers.
   *
   * @throws JsonFormatException if the key is missing or not such an array
   */
  public int[] integers(String key) throws JsonFormatException {
    JsonArray array = array(key);
    int[] values = new int[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = integer(place + ": " + key + "[" + i + "]", array.get(i));
    }
    return values;
  }

  /**
   * Returns an array of whole numbers, each of which fits a long.
   *
   * @throws JsonFormatException if the key is missing or not such an array
   */
  public long[] longs(String key) throws JsonFormatException {
    JsonArray array = array(key);
    long[] values = new long[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = whole(place + ": " + key + "[" + i + "]", array.get(i), Long.MAX_VALUE);
    }
    return values;
  }

  /**
   * Returns an object.
   *
   * @throws JsonFormatException if the key is missing or not an object
   */
  public JsonFields object(String key) throws JsonFormatException {
    return of(place + ": " + Excerpt.of(key), value(key));
  }

  /**
   * Returns an array of objects.
   *
   * @throws JsonFormatException if the key is missing or not such an array
   */
  public List<JsonFields> objects(String key) throws JsonFormatException {
    List<JsonFields> objects = new ArrayList<>();
    for (JsonElement element : array(key)) {
      objects.add(of(place + ": " + key + "[" + objects.size() + "]", element));
    }
    return objects;
  }

  /** Returns the JSON text of a value on one line, or an empty text if the key is missing. */
  public String raw(String key) {
    return has(key) ? object.get(key).toString() : "";
  }

  /**
   * Ends the reading.
   *
   * @throws JsonFormatException if there is a key that nobody asked for
   */
  public void close() throws JsonFormatException {
    for (String key : object.keySet()) {
      if (!known.contains(key)) {
        throw new JsonFormatException(
            place + ": expected keys " + known + " but got '" + Excerpt.of(key) + "'");
      }
    }
  }

  /** Returns the error that a value is not what it should be. */
  public JsonFormatException error(String key, String expected, String got) {
    return new JsonFormatException(
        place + ": " + Excerpt.of(key) + ": expected " + expected + " but got " + Excerpt.of(got));
  }

  private JsonFormatException error(String key, String expected, JsonElement got) {
    return error(key, expected, brief(got));
  }

  private JsonElement value(String key) throws JsonFormatException {
    if (!has(key)) {
      throw new JsonFormatException(
          place + ": expected key '" + key + "' but got " + Excerpt.of(object.keySet()));
    }
    return object.get(key);
  }

  private JsonArray array(String key) throws JsonFormatException {
    JsonElement value = value(key);
    if (!value.isJsonArray()) {
      throw error(key, "an array", value);
    }
    return value.getAsJsonArray();
  }

  private static int integer(String where, JsonElement value) throws JsonFormatException {
    return (int) whole(where, value, Integer.MAX_VALUE);
  }

  private static long whole(String where, JsonElement value, long largest)
      throws JsonFormatException {
    if (isNumber(value)) {
      BigDecimal number = new BigDecimal(value.getAsString());
      // Compared before it is written out in full, which takes gigabytes for 1e999999999.
      if (number.abs().compareTo(BigDecimal.valueOf(largest)) <= 0
          && number.stripTrailingZeros().scale() <= 0) {
        return number.longValueExact();
      }
    }
    throw new JsonFormatException(where + ": expected a whole number but got " + brief(value));
  }

  private static boolean isNumber(JsonElement value) {
    return value instanceof JsonPrimitive primitive && primitive.isNumber();
  }

  private static String brief(JsonElement value) {
    return Excerpt.of(value.toString(), LONGEST_VALUE);
  }
}
