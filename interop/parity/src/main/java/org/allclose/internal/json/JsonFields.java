package org.allclose.internal.json;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.allclose.json.JsonFormatException;

/**
 * The fields of a JSON object, taken one by one; those that nobody took are errors.
 *
 * <p>There are fields only within a {@link FieldsReader}: when it returns, the keys that it did not
 * ask for are refused. Every error starts with file, line, column and key: {@code net.json: line 3,
 * column 14: layers[0].units: expected a whole number of at least 1 but got "ten"}.
 */
public final class JsonFields {
  private static final int LONGEST = 60;
  private static final int MOST_NAMES = 25;

  private final JsonText source;
  private final String path;
  private final JsonNode.Members object;
  private final Set<String> known = new LinkedHashSet<>();

  private JsonFields(JsonText source, String path, JsonNode.Members object) {
    this.source = source;
    this.path = path;
    this.object = object;
  }

  /** Reads an object, and refuses it if it has a key that the reader did not ask for. */
  static <T, E extends IOException> T read(
      JsonText source, String path, JsonNode node, FieldsReader<T, E> reader)
      throws JsonFormatException, E {
    if (!(node instanceof JsonNode.Members object)) {
      throw error(
          source, path, node.offset(), "expected an object but got " + cut(node.brief()), null);
    }
    JsonFields fields = new JsonFields(source, path, object);
    T value;
    try {
      value = reader.read(fields);
    } catch (IllegalArgumentException e) {
      throw error(source, path, node.offset(), e.getMessage(), e);
    }
    fields.refuseUnknown();
    return value;
  }

  /** Returns whether the object has a key. */
  public boolean has(String key) {
    known.add(key);
    return object.members().containsKey(key);
  }

  /** Returns the keys in their order; using them counts as knowing them all. */
  public Set<String> keys() {
    known.addAll(object.members().keySet());
    return new LinkedHashSet<>(object.members().keySet());
  }

  /**
   * Returns a text.
   *
   * @throws JsonFormatException if the key is missing or not a text
   */
  public String text(String key) throws JsonFormatException {
    if (value(key) instanceof JsonNode.Text text) {
      return text.value();
    }
    throw wrong(key, "a text");
  }

  /**
   * Returns what a text stands for.
   *
   * @param choices by the texts that the key may have, at least one
   * @throws JsonFormatException if the key is missing or none of them
   */
  public <T> T oneOf(String key, Map<String, T> choices) throws JsonFormatException {
    String text = text(key);
    T choice = choices.get(text);
    if (choice == null) {
      Set<String> names = choices.keySet();
      throw refuse(
          key,
          "expected "
              + (names.size() == 1 ? quoted(names.iterator().next()) : "one of " + list(names))
              + " but got "
              + quoted(text)
              + (names.size() == 1 ? "" : NearMiss.hint(text, names)));
    }
    return choice;
  }

  /** Returns whether the key holds a text rather than something else. */
  public boolean isText(String key) {
    return has(key) && object.members().get(key).value() instanceof JsonNode.Text;
  }

  /** Returns whether the key holds a number rather than something else. */
  public boolean isNumber(String key) {
    return has(key) && object.members().get(key).value() instanceof JsonNode.Numeral;
  }

  /**
   * Returns a whole number, exactly.
   *
   * @throws JsonFormatException if the key is missing or not a whole number that fits an int
   */
  public int integer(String key) throws JsonFormatException {
    return integer(key, Integer.MIN_VALUE);
  }

  /**
   * Returns a whole number of at least {@code least}, exactly.
   *
   * @throws JsonFormatException if the key is missing or not such a number that fits an int
   */
  public int integer(String key, int least) throws JsonFormatException {
    return (int) whole(path(key), value(key), least, Integer.MAX_VALUE);
  }

  /**
   * Returns a whole number, exactly.
   *
   * @throws JsonFormatException if the key is missing or not a whole number that fits a long
   */
  public long whole(String key) throws JsonFormatException {
    return whole(path(key), value(key), Long.MIN_VALUE, Long.MAX_VALUE);
  }

  /**
   * Returns a number.
   *
   * @throws JsonFormatException if the key is missing or not a finite number
   */
  public double number(String key) throws JsonFormatException {
    if (value(key) instanceof JsonNode.Numeral number) {
      double value = Double.parseDouble(number.digits());
      if (Double.isFinite(value)) {
        return value;
      }
    }
    throw wrong(key, "a finite number");
  }

  /**
   * Returns an array of finite numbers.
   *
   * @throws JsonFormatException if the key is missing or not such an array
   */
  public double[] numbers(String key) throws JsonFormatException {
    List<JsonNode> elements = elements(key);
    double[] values = new double[elements.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          elements.get(i) instanceof JsonNode.Numeral number
              ? Double.parseDouble(number.digits())
              : Double.NaN;
      if (!Double.isFinite(values[i])) {
        throw wrong(key, "an array of finite numbers");
      }
    }
    return values;
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
    if (value(key) instanceof JsonNode.Truth truth) {
      return truth.value();
    }
    throw wrong(key, "true or false");
  }

  /**
   * Returns an array of whole numbers of at least {@code least}.
   *
   * @throws JsonFormatException if the key is missing or not such an array
   */
  public int[] integers(String key, int least) throws JsonFormatException {
    List<JsonNode> elements = elements(key);
    int[] values = new int[elements.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (int) whole(path(key, i), elements.get(i), least, Integer.MAX_VALUE);
    }
    return values;
  }

  /**
   * Returns an array of whole numbers of at least 0, each of which fits a long.
   *
   * @throws JsonFormatException if the key is missing or not such an array
   */
  public long[] longs(String key) throws JsonFormatException {
    List<JsonNode> elements = elements(key);
    long[] values = new long[elements.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = whole(path(key, i), elements.get(i), 0, Long.MAX_VALUE);
    }
    return values;
  }

  /**
   * Returns texts.
   *
   * @throws JsonFormatException if the key is missing or not an array of texts
   */
  public List<String> texts(String key) throws JsonFormatException {
    List<String> texts = new ArrayList<>();
    for (JsonNode element : elements(key)) {
      if (!(element instanceof JsonNode.Text text)) {
        throw wrong(key, "an array of texts");
      }
      texts.add(text.value());
    }
    return texts;
  }

  /**
   * Returns what a reader makes of an object.
   *
   * @throws JsonFormatException if the key is missing or not an object, has a key that the reader
   *     did not ask for, or the reader refuses it
   * @throws E what else the reader throws
   */
  public <T, E extends IOException> T object(String key, FieldsReader<T, E> reader)
      throws JsonFormatException, E {
    return read(source, path(key), value(key), reader);
  }

  /**
   * Returns what a reader makes of each object of an array, in their order.
   *
   * @throws JsonFormatException if the key is missing or not an array of objects, one has a key
   *     that the reader did not ask for, or the reader refuses it
   * @throws E what else the reader throws
   */
  public <T, E extends IOException> List<T> objects(String key, FieldsReader<T, E> reader)
      throws JsonFormatException, E {
    List<T> values = new ArrayList<>();
    for (JsonNode element : elements(key)) {
      values.add(read(source, path(key, values.size()), element, reader));
    }
    return values;
  }

  /** Returns the JSON text of a value on one line, or an empty text if the key is missing. */
  public String raw(String key) {
    return has(key) ? object.members().get(key).value().json() : "";
  }

  /** Returns what errors say of a value that is there. */
  String brief(String key) {
    return cut(object.members().get(key).value().brief());
  }

  /** Returns the error that a value is not what it should be. */
  public JsonFormatException error(String key, String expected, String got) {
    return refuse(key, "expected " + expected + " but got " + got);
  }

  /** Returns the error that the object is not what it should be. */
  public JsonFormatException error(String expected, String got) {
    return error(source, path, object.offset(), "expected " + expected + " but got " + got, null);
  }

  private JsonFormatException wrong(String key, String expected) {
    return error(key, expected, brief(key));
  }

  private JsonFormatException refuse(String key, String message) {
    JsonNode.Member member = object.members().get(key);
    int offset = member == null ? object.offset() : member.value().offset();
    return error(source, path(key), offset, message, null);
  }

  /** Says where it is, unless it is the document. */
  private static JsonFormatException error(
      JsonText source, String path, int offset, String message, Throwable cause) {
    JsonFormatException e =
        path.isEmpty() ? source.error(message) : source.error(offset, path + ": " + message);
    e.initCause(cause);
    return e;
  }

  private void refuseUnknown() throws JsonFormatException {
    for (Map.Entry<String, JsonNode.Member> member : object.members().entrySet()) {
      String key = member.getKey();
      if (!known.contains(key)) {
        Set<String> free = new LinkedHashSet<>(known);
        free.removeAll(object.members().keySet());
        throw source.error(
            member.getValue().offset(),
            prefix()
                + "expected keys "
                + list(known)
                + " but got "
                + quoted(key)
                + NearMiss.hint(key, free));
      }
    }
  }

  private JsonNode value(String key) throws JsonFormatException {
    if (has(key)) {
      return object.members().get(key).value();
    }
    String missing = "expected key " + quoted(key) + " but got ";
    for (Map.Entry<String, JsonNode.Member> member : object.members().entrySet()) {
      String hint =
          known.contains(member.getKey()) ? "" : NearMiss.hint(member.getKey(), Set.of(key));
      if (!hint.isEmpty()) {
        throw source.error(
            member.getValue().offset(), prefix() + missing + quoted(member.getKey()) + hint);
      }
    }
    throw error(source, path, object.offset(), missing + list(object.members().keySet()), null);
  }

  private List<JsonNode> elements(String key) throws JsonFormatException {
    if (value(key) instanceof JsonNode.Elements elements) {
      return elements.values();
    }
    throw wrong(key, "an array");
  }

  private String prefix() {
    return path.isEmpty() ? "" : path + ": ";
  }

  private String path(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private String path(String key, int index) {
    return path(key) + "[" + index + "]";
  }

  private long whole(String where, JsonNode value, long least, long largest)
      throws JsonFormatException {
    String range = least > Integer.MIN_VALUE ? " of at least " + least : "";
    if (value instanceof JsonNode.Numeral numeral) {
      try {
        BigDecimal number = new BigDecimal(numeral.digits());
        if (number.compareTo(BigDecimal.valueOf(largest)) > 0) {
          range = " of at most " + largest;
        } else if (number.compareTo(BigDecimal.valueOf(least)) >= 0
            // Asked only of what fits: to write 1e-999999999 out in full takes gigabytes.
            && number.stripTrailingZeros().scale() <= 0) {
          return number.longValueExact();
        }
      } catch (NumberFormatException e) {
        range += " whose exponent fits an int";
      }
    }
    throw source.error(
        value.offset(),
        where + ": expected a whole number" + range + " but got " + cut(value.brief()));
  }

  private static String quoted(String text) {
    return "'" + cut(text) + "'";
  }

  private static String cut(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST - 3) + "...";
  }

  private static String list(Collection<String> names) {
    return names.stream()
        .limit(MOST_NAMES)
        .map(JsonFields::cut)
        .collect(
            Collectors.joining(
                ", ", "[", names.size() > MOST_NAMES ? ", ... " + names.size() + " in all]" : "]"));
  }
}
