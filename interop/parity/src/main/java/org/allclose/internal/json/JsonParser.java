package org.allclose.internal.json;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.allclose.json.JsonFormatException;

/**
 * Reads JSON as RFC 8259 has it and no other, within the limits of {@link Json}.
 *
 * <p>Gson, which writes our JSON, reads it too, but does not tell where a value stands, and says
 * what is wrong in sentences of its own. Here each value has its place, and an error says what kind
 * of character is in the way, never which: a file that is not JSON was perhaps not meant to be
 * shown.
 */
final class JsonParser {
  private static final Pattern NUMBER =
      Pattern.compile("-?+(?:0|[1-9][0-9]*+)(?:\\.[0-9]++)?+(?:[eE][-+]?+[0-9]++)?+");
  private static final Pattern WORD = Pattern.compile("-?+[A-Za-z]++");

  /** What Python and JavaScript write and JSON does not have; said as it is written. */
  private static final Set<String> FOREIGN_WORDS =
      Set.of(
          "NaN",
          "nan",
          "Infinity",
          "-Infinity",
          "inf",
          "-inf",
          "True",
          "False",
          "None",
          "undefined");

  private final JsonText source;
  private final String text;
  private int at;
  private int values;

  private JsonParser(JsonText source) {
    this.source = source;
    text = source.text();
  }

  /**
   * Reads a text that is one value.
   *
   * @throws JsonFormatException if it is not JSON, or beyond a limit
   */
  static JsonNode parse(JsonText source) throws JsonFormatException {
    JsonParser parser = new JsonParser(source);
    parser.skipSpaces();
    JsonNode node = parser.value(0);
    parser.skipSpaces();
    if (parser.at < parser.text.length()) {
      throw parser.error("the end of the text");
    }
    return node;
  }

  private JsonNode value(int depth) throws JsonFormatException {
    if (depth > Json.MAXIMUM_DEPTH) {
      throw source.error(
          at, "expected at most " + Json.MAXIMUM_DEPTH + " objects and arrays within each other");
    }
    if (++values > Json.MAXIMUM_VALUES) {
      throw source.error(at, "expected at most " + Json.MAXIMUM_VALUES + " values");
    }
    int start = at;
    return switch (at < text.length() ? text.charAt(at) : 0) {
      case '{' -> members(depth);
      case '[' -> elements(depth);
      case '"' -> new JsonNode.Text(start, string());
      case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> numeral();
      default -> {
        if (word("true")) {
          yield new JsonNode.Truth(start, true);
        }
        if (word("false")) {
          yield new JsonNode.Truth(start, false);
        }
        if (word("null")) {
          yield new JsonNode.Null(start);
        }
        throw error("a value");
      }
    };
  }

  private JsonNode members(int depth) throws JsonFormatException {
    int start = at++;
    Map<String, JsonNode.Member> members = new LinkedHashMap<>();
    skipSpaces();
    if (!take('}')) {
      do {
        skipSpaces();
        int place = at;
        if (at == text.length() || text.charAt(at) != '"') {
          throw error("a key in double quotes");
        }
        String key = string();
        JsonNode.Member before = members.get(key);
        if (before != null) {
          throw source.error(place, "expected each key once but got '" + key + "' twice");
        }
        skipSpaces();
        if (!take(':')) {
          throw error("':' after a key");
        }
        skipSpaces();
        members.put(key, new JsonNode.Member(place, value(depth + 1)));
        skipSpaces();
      } while (take(','));
      if (!take('}')) {
        throw error("',' or '}' after a value");
      }
    }
    return new JsonNode.Members(start, members);
  }

  private JsonNode elements(int depth) throws JsonFormatException {
    int start = at++;
    List<JsonNode> elements = new ArrayList<>();
    skipSpaces();
    if (!take(']')) {
      do {
        skipSpaces();
        elements.add(value(depth + 1));
        skipSpaces();
      } while (take(','));
      if (!take(']')) {
        throw error("',' or ']' after a value");
      }
    }
    return new JsonNode.Elements(start, elements);
  }

  private JsonNode numeral() throws JsonFormatException {
    int start = at;
    if (text.startsWith("-I", at) || text.startsWith("-i", at)) {
      throw error("a value");
    }
    Matcher number = NUMBER.matcher(text).region(at, text.length());
    int end = number.lookingAt() ? number.end() : at;
    char next = end < text.length() ? text.charAt(end) : ' ';
    if (end == at || next == '.' || next == '-' || next == '+' || Character.isLetter(next)) {
      throw source.error(at, "expected a number such as -1.5e3 but got one in another form");
    }
    if (next >= '0' && next <= '9') {
      throw source.error(at, "expected a number without leading zeros but got some");
    }
    if (end - start > Json.MAXIMUM_NUMBER) {
      throw source.error(
          at,
          "expected a number of at most "
              + Json.MAXIMUM_NUMBER
              + " characters but got "
              + (end - start));
    }
    at = end;
    return new JsonNode.Numeral(start, text.substring(start, end));
  }

  private String string() throws JsonFormatException {
    int start = ++at;
    while (at < text.length() && text.charAt(at) != '"' && text.charAt(at) != '\\') {
      refuseControl();
    }
    if (at < text.length() && text.charAt(at) == '"') {
      return text.substring(start, at++);
    }
    StringBuilder value = new StringBuilder().append(text, start, at);
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '"') {
        at++;
        return value.toString();
      }
      if (c == '\\') {
        at++;
        value.append(escaped());
      } else {
        refuseControl();
        value.append(c);
      }
    }
    throw error("'\"' at the end of a string");
  }

  /** Steps over a character of a string. */
  private void refuseControl() throws JsonFormatException {
    if (text.charAt(at) < ' ') {
      throw source.error(
          at, "expected control characters escaped in a string but got one as it is");
    }
    at++;
  }

  private char escaped() throws JsonFormatException {
    char c = at < text.length() ? text.charAt(at) : 0;
    int plain = "\"\\/bfnrt".indexOf(c);
    if (plain >= 0) {
      at++;
      return "\"\\/\b\f\n\r\t".charAt(plain);
    }
    if (c != 'u') {
      throw error("one of \"\\/bfnrtu after a backslash");
    }
    int code = 0;
    for (int i = 0; i < 4; i++) {
      at++;
      int digit =
          at < text.length() && text.charAt(at) < 0x7f ? Character.digit(text.charAt(at), 16) : -1;
      if (digit < 0) {
        throw error("four hexadecimal digits after \\u");
      }
      code = code * 16 + digit;
    }
    at++;
    return (char) code;
  }

  private boolean word(String word) {
    Matcher matcher = WORD.matcher(text).region(at, text.length());
    boolean found = matcher.lookingAt() && matcher.group().equals(word);
    at += found ? word.length() : 0;
    return found;
  }

  private boolean take(char c) {
    boolean found = at < text.length() && text.charAt(at) == c;
    at += found ? 1 : 0;
    return found;
  }

  private void skipSpaces() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private JsonFormatException error(String expected) {
    return source.error(at, "expected " + expected + " but got " + kind());
  }

  /** Returns what kind of character is next, in words that show nothing of the text's content. */
  private String kind() {
    if (at == text.length()) {
      return at == 0 ? "an empty text" : "the end of the text";
    }
    char c = text.charAt(at);
    Matcher word = WORD.matcher(text).region(at, text.length());
    if (word.lookingAt() && FOREIGN_WORDS.contains(word.group())) {
      return word.group() + ", which JSON does not have";
    }
    if (c == '#' || text.startsWith("//", at) || text.startsWith("/*", at)) {
      return "a comment, which JSON does not have";
    }
    if ("{}[]:,".indexOf(c) >= 0) {
      return "'" + c + "'";
    }
    if (c == '"') {
      return "a string";
    }
    if (c == '\'') {
      return "a single quote";
    }
    return Character.isLetter(c)
        ? "a letter"
        : Character.isDigit(c) ? "a digit" : c < ' ' ? "a control character" : "another character";
  }
}
