package org.allclose.json;

import java.util.List;
import java.util.Map;

/** A value of a JSON text, and where in the text it starts. */
sealed interface JsonNode {

  /** Returns the index of the value's first character. */
  int offset();

  /** A string. */
  record Text(int offset, String value) implements JsonNode {}

  /** A number, as it is written: it may be too long or too large for any type of Java's. */
  record Numeral(int offset, String digits) implements JsonNode {}

  /** True or false. */
  record Truth(int offset, boolean value) implements JsonNode {}

  /** Null. */
  record Null(int offset) implements JsonNode {}

  /** An array. */
  record Elements(int offset, List<JsonNode> values) implements JsonNode {}

  /** An object, its keys in the order of the text. */
  record Members(int offset, Map<String, Member> members) implements JsonNode {}

  /** A key of an object, where it starts, and its value. */
  record Member(int offset, JsonNode value) {}
}
