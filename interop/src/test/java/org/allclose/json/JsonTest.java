package org.allclose.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "{\"a\": }",
        "{'a': 1}",
        "{a: 1}",
        "{\"a\": 01}",
        "{\"a\": NaN}",
        "{\"a\": 1,}",
        "{\"a\": 1} x",
        "{\"a\": 1}{}",
        "[1, 2",
        "{\"a\": 1; \"b\": 2}",
        "{\"a\": 1e99999999999}",
        "{\"a\": TRUE}",
        "{\"a\": \"\n\"}"
      })
  void parse_ofWhatIsNotJson_isRefused(String text) {
    JsonFormatException e =
        assertThrows(JsonFormatException.class, () -> Json.parse("file.json", text));
    assertTrue(e.getMessage().startsWith("file.json: expected "), e.getMessage());
  }

  @Test
  void parse_ofAnArray_isRefused() {
    JsonFormatException e =
        assertThrows(JsonFormatException.class, () -> Json.parse("file.json", "[1]"));
    assertEquals("file.json: expected an object but got [1]", e.getMessage());
  }

  @Test
  void parse_ofDeepNesting_isRefused() {
    String text = "{\"a\": " + "[".repeat(100_000);
    JsonFormatException e =
        assertThrows(JsonFormatException.class, () -> Json.parse("file.json", text));
    assertEquals(
        "file.json: expected at most 100 objects and arrays in each other", e.getMessage());
  }

  @Test
  void read_ofWhatIsNotUtf8_isRefused() throws IOException {
    Path file = folder.resolve("file.json");
    Files.write(file, new byte[] {'{', '"', (byte) 0xff, '"', '}'});
    JsonFormatException e = assertThrows(JsonFormatException.class, () -> Json.read(file));
    assertEquals(file + ": expected UTF-8 text", e.getMessage());
  }

  @Test
  void write_andRead_areInverse() throws IOException {
    Path file = folder.resolve("file.json");
    JsonFields fields = Json.parse("text", "{\"a\": [1, 2.5e-3, \"\\u00e9<\", true, null]}");
    com.google.gson.JsonObject object = new com.google.gson.JsonObject();
    object.addProperty("raw", fields.raw("a"));
    Json.write(file, object);
    assertEquals("[1,0.0025,\"é<\",true,null]", Json.read(file).text("raw"));
  }
}
