package org.allclose.internal.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.allclose.json.JsonFormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`` | line 1, column 1: expected a value but got an empty text",
        "{ | line 1, column 2: expected a key in double quotes but got the end of the text",
        "{\"a\": } | line 1, column 7: expected a value but got '}'",
        "{'a': 1} | line 1, column 2: expected a key in double quotes but got a single quote",
        "{a: 1} | line 1, column 2: expected a key in double quotes but got a letter",
        "{\"a\" 1} | line 1, column 6: expected ':' after a key but got a digit",
        "{\"a\": 01} | line 1, column 7: expected a number without leading zeros but got some",
        "{\"a\": .5} | line 1, column 7: expected a value but got another character",
        "{\"a\": 1.} | line 1, column 7: expected a number such as -1.5e3 but got one in another form",
        "{\"a\": -} | line 1, column 7: expected a number such as -1.5e3 but got one in another form",
        "{\"a\": 0x10} | line 1, column 7: expected a number such as -1.5e3 but got one in another form",
        "{\"a\": NaN} | line 1, column 7: expected a value but got NaN, which JSON does not have",
        "{\"a\": -Infinity} | line 1, column 7: expected a value but got -Infinity, which JSON does not have",
        "{\"a\": True} | line 1, column 7: expected a value but got True, which JSON does not have",
        "{\"a\": TRUE} | line 1, column 7: expected a value but got a letter",
        "{\"a\": nullx} | line 1, column 7: expected a value but got a letter",
        "{\"a\": 1,} | line 1, column 9: expected a key in double quotes but got '}'",
        "{\"a\": [1,]} | line 1, column 10: expected a value but got ']'",
        "{\"a\": 1} x | line 1, column 10: expected the end of the text but got a letter",
        "{\"a\": 1}{} | line 1, column 9: expected the end of the text but got '{'",
        "{\"a\": 1 // one | line 1, column 9: expected ',' or '}' after a value but got a comment,"
            + " which JSON does not have",
        "# net | line 1, column 1: expected a value but got a comment, which JSON does not have",
        "[1, 2 | line 1, column 6: expected ',' or ']' after a value but got the end of the text",
        "{\"a\": 1; \"b\": 2} | line 1, column 8: expected ',' or '}' after a value but got another"
            + " character",
        "{\"a\": \"\\x41\"} | line 1, column 9: expected one of \"\\/bfnrtu after a backslash but got a"
            + " letter",
        "{\"a\": \"\\u00g1\"} | line 1, column 12: expected four hexadecimal digits after \\u but got a"
            + " letter",
        "{\"a\": \"b | line 1, column 9: expected '\"' at the end of a string but got the end of the"
            + " text",
        "{\"a\": 1, \"é\": 2, \"a\": 3} | line 1, column 18: expected each key once but got 'a' twice",
        "[1] | expected an object but got an array",
        "7 | expected an object but got 7",
      })
  void parse_ofWhatIsNotJson_saysWhereAndWhatKindOfCharacterIsThere(String text, String message) {
    assertMessage(message, text);
  }

  @Test
  void parse_countsLinesAndWholeCharacters() {
    assertMessage(
        "line 3, column 4: expected ':' after a key but got '}'",
        "{\"a\": 1,\r\n\n\"\uD83D\uDE00\"}");
    assertMessage(
        "line 2, column 3: expected control characters escaped in a string but got one as it is",
        "{\"a\":\n\"b\tc\"}");
  }

  @Test
  void parse_beyondALimit_isRefused() {
    assertMessage(
        "line 1, column 107: expected at most 100 objects and arrays within each other",
        "{\"a\": " + "[".repeat(1_000_000));
    assertMessage(
        "line 1, column 1000004: expected at most 500000 values",
        "{\"a\": [" + "1,".repeat(1_000_000) + "1]}");
    assertMessage(
        "line 1, column 7: expected a number of at most 1000 characters but got 1000001",
        "{\"a\": 1" + "0".repeat(1_000_000) + "}");
  }

  @Test
  void read_beyondTheLimitOfBytes_isRefused() throws IOException {
    Path file = folder.resolve("file.json");
    byte[] spaces = new byte[Json.MAXIMUM_BYTES + 1];
    Arrays.fill(spaces, (byte) ' ');
    Files.write(file, spaces);
    assertEquals(file + ": expected at most 16777216 bytes of JSON but got more", refusal(file));
  }

  @Test
  void read_ofOtherEncodings_isRefused() throws IOException {
    Path file = folder.resolve("file.json");
    Files.write(file, new byte[] {'{', '"', (byte) 0xff, '"', '}'});
    assertEquals(file + ": expected UTF-8 text but byte 2 is not", refusal(file));
    Files.write(file, new byte[] {'{', '"', (byte) 0xc3});
    assertEquals(file + ": expected UTF-8 text but byte 2 is not", refusal(file));
    for (String charset : new String[] {"UTF-16", "UTF-16LE", "UTF-16BE"}) {
      Files.write(file, "{\"a\": 1}".getBytes(Charset.forName(charset)));
      assertEquals(file + ": expected UTF-8 text but got UTF-16", refusal(file));
    }
    Files.write(file, "\uFEFF{\"a\": 1}".getBytes(StandardCharsets.UTF_8));
    assertEquals(
        file + ": expected UTF-8 text without a byte order mark but got one", refusal(file));
  }

  @Test
  void read_ofAFolder_isRefused() {
    assertEquals(folder + ": expected a JSON file but got a folder", refusal(folder));
  }

  @Test
  void messages_arePrintable() {
    assertMessage(
        "line 2, column 1: expected each key once but got 'a\\x1b[2K\\nb\\u202e' twice",
        "{\"a\\u001b[2K\\nb\\u202e\": 1,\n\"a\\u001b[2K\\nb\u202e\": 2}");
  }

  @Test
  void write_andRead_areInverse() throws IOException {
    Path file = folder.resolve("file.json");
    String raw =
        Json.parse(
            "text",
            "{\"a\": [1, 2.5e-3, \"\\u00e9<\", true, null, {\"k\": false}]}",
            fields -> fields.raw("a"));
    JsonObject object = new JsonObject();
    object.addProperty("raw", raw);
    object.addProperty("odd", "\u202e\u001b\uD800\u009b\n");
    JsonFile.write(file, object);
    assertEquals(
        """
        {
          "raw": "[1,2.5e-3,\\"é<\\",true,null,{\\"k\\":false}]",
          "odd": "\\u202e\\u001b\\ud800\\u009b\\n"
        }
        """,
        Files.readString(file));
    assertEquals(
        "[1,2.5e-3,\"é<\",true,null,{\"k\":false}]\u202e\u001b\uD800\u009b\n",
        JsonFile.read(file, fields -> fields.text("raw") + fields.text("odd")));
  }

  private static void assertMessage(String message, String text) {
    JsonFormatException e =
        assertThrows(
            JsonFormatException.class,
            () -> Json.parse("file.json", text, fields -> fields.keys()));
    assertEquals("file.json: " + message, e.getMessage());
  }

  private static String refusal(Path file) {
    JsonFormatException e =
        assertThrows(JsonFormatException.class, () -> JsonFile.read(file, JsonFields::keys));
    assertTrue(e.getMessage().startsWith(file + ": "), e.getMessage());
    return e.getMessage();
  }
}
