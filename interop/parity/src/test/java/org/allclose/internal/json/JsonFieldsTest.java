package org.allclose.internal.json;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.allclose.json.JsonFormatException;
import org.junit.jupiter.api.Test;

class JsonFieldsTest {
  private static final String TEXT =
      """
      {"whole": 12e1, "number": -0.25, "text": "ten", "truth": true,
       "list": [3, 1.5], "objects": [{"a": 1}, {"a": 2, "b": 3}], "type": "Relu",
       "huge": 1e99999999999, "large": 3000000000, "infinite": 1e999}
      """;

  @Test
  void fields_areTaken() throws JsonFormatException {
    int whole = take(fields -> fields.integer("whole", 1));
    assertEquals(120, whole);
    double number = take(fields -> fields.number("number"));
    assertEquals(-0.25, number);
    assertEquals("ten", take(fields -> fields.text("text")));
    boolean truth = take(fields -> fields.truth("truth"));
    assertTrue(truth);
    double absent = take(fields -> fields.number("absent", 7));
    assertEquals(7, absent);
    assertEquals("[3,1.5]", take(fields -> fields.raw("list")));
    assertArrayEquals(
        new int[] {3}, Json.parse("f", "{\"a\": [3]}", fields -> fields.integers("a", 3)));
    assertEquals(
        List.of(1, 2),
        Json.parse(
            "f",
            "{\"a\": [{\"b\": 1}, {\"b\": 2}]}",
            fields -> fields.objects("a", element -> element.integer("b"))));
  }

  @Test
  void aReaderThatForgetsAKey_cannotAcceptIt() {
    assertEquals(
        "f.json: line 2, column 51: objects[1]: expected keys [a] but got 'b'",
        refusal(fields -> fields.objects("objects", element -> element.integer("a"))));
    JsonFormatException e =
        assertThrows(
            JsonFormatException.class,
            () -> Json.parse("f.json", "{\"a\": 1}", fields -> "nothing asked"));
    assertEquals("f.json: line 1, column 2: expected keys [] but got 'a'", e.getMessage());
  }

  @Test
  void wrongValues_areRefusedAtTheirPlace() {
    assertEquals(
        "f.json: line 1, column 42: text: expected a whole number of at least 1 but got \"ten\"",
        refusal(fields -> fields.integer("text", 1)));
    assertEquals(
        "f.json: line 2, column 14: list[1]: expected a whole number of at least 0 but got 1.5",
        refusal(fields -> fields.longs("list")));
    assertEquals(
        "f.json: line 3, column 34: large: expected a whole number of at most 2147483647 but got"
            + " 3000000000",
        refusal(fields -> fields.integer("large")));
    assertEquals(
        "f.json: line 3, column 10: huge: expected a whole number whose exponent fits an int but got"
            + " 1e99999999999",
        refusal(fields -> fields.integer("huge")));
    assertEquals(
        "f.json: line 3, column 58: infinite: expected a finite number but got 1e999",
        refusal(fields -> fields.number("infinite")));
    assertEquals(
        "f.json: line 2, column 38: objects[0].a: expected a text but got 1",
        refusal(fields -> fields.objects("objects", element -> element.text("a"))));
    assertEquals(
        "f.json: line 2, column 10: list: expected an object but got an array",
        refusal(fields -> fields.object("list", element -> element.text("a"))));
    assertEquals(
        "f.json: line 1, column 11: whole: expected true or false but got 12e1",
        refusal(fields -> fields.truth("whole")));
  }

  @Test
  void missingAndUnknownNames_haveANearMiss() {
    assertEquals(
        "f.json: line 1, column 2: expected key 'rate' but got 'lr'; did you mean 'rate'?",
        assertThrows(
                JsonFormatException.class,
                () -> Json.parse("f.json", "{\"lr\": 1}", fields -> fields.number("rate")))
            .getMessage());
    assertEquals(
        "f.json: line 2, column 69: type: expected one of [dense, relu] but got 'Relu'; did you mean"
            + " 'relu'?",
        refusal(fields -> fields.oneOf("type", new TreeMap<>(Map.of("relu", 1, "dense", 2)))));
  }

  @Test
  void whatAReaderRefuses_hasItsPlace() {
    assertEquals(
        "f.json: line 2, column 32: objects[0]: expected something else than 1",
        refusal(fields -> fields.objects("objects", JsonFieldsTest::refuse)));
  }

  private static String refuse(JsonFields fields) throws JsonFormatException {
    throw new IllegalArgumentException("expected something else than " + fields.integer("a"));
  }

  private static <T> T take(FieldsReader<T, JsonFormatException> reader)
      throws JsonFormatException {
    return Json.<T, JsonFormatException>parse(
        "f.json",
        TEXT,
        fields -> {
          fields.keys();
          return reader.read(fields);
        });
  }

  private static String refusal(FieldsReader<?, JsonFormatException> reader) {
    return assertThrows(JsonFormatException.class, () -> take(reader)).getMessage();
  }
}
