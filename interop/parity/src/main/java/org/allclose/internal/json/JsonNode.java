package org.allclose.internal.json;

import com.google.gson.JsonPrimitive;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A value of a JSON text, and where in the text it starts. */
sealed interface JsonNode {

  /** Returns the index of the value's first character. */
  int offset();

  /** Returns the value as JSON on one line. */
  String json();

  /** Returns the value as errors tell of it: which kind it is, if it has parts. */
  default String brief() {
    return json();
  }

  /** A string. */
  record Text(int offset, String value) implements JsonNode {
    @Override
    public String json() {
      return new JsonPrimitive(value).toString();
    }
  }

  /** A number, as it is written: it may be too long or too large for any type of Java's. */
  record Numeral(int offset, String digits) implements JsonNode {
    @Override
    public String json() {
      return digits;
    }
  }

  /** True or false. */
  record Truth(int offset, boolean value) implements JsonNode {
    @Override
    public String json() {
      return Boolean.toString(value);
    }
  }

  /** Null. */
  record Null(int offset) implements JsonNode {
    @Override
    public String json() {
      return "null";
    }
  }

  /** An array. */
  record Elements(int offset, List<JsonNode> values) implements JsonNode {
    @Override
    public String json() {
      return values.stream().map(JsonNode::json).collect(Collectors.joining(",", "[", "]"));
    }

    @Override
    public String brief() {
      return "an array";
    }
  }

  /** An object, its keys in the order of the text. */
  record Members(int offset, Map<String, Member> members) implements JsonNode {
    @Override
    public String json() {
      return members.entrySet().stream()
          .map(member -> new JsonPrimitive(member.getKey()) + ":" + member.getValue().value.json())
          .collect(Collectors.joining(",", "{", "}"));
    }

    @Override
    public String brief() {
      return "an object";
    }
  }

  /** A key of an object, where it starts, and its value. */
  record Member(int offset, JsonNode value) {}
}
