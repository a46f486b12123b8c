package org.allclose.internal.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.allclose.TestData;
import org.allclose.json.JsonFormatException;
import org.junit.jupiter.api.Test;

/** Gson in its strict mode is the judge of what is JSON, and of what it says. */
class JsonParserTest {
  private static final String PIECES = "{}[]:,\" \n\\u0e1-+.tfn/'#aE\t\u00e9\u2028";

  @Test
  void texts_andMutationsOfThem_areWhatGsonReads() throws IOException {
    List<String> seeds = seeds();
    assertTrue(seeds.size() > 5, "seeds: " + seeds.size());
    Random random = new Random(231);
    int accepted = 0;
    for (String seed : seeds) {
      for (int i = 0; i < 4000; i++) {
        StringBuilder text = new StringBuilder(seed);
        for (int n = random.nextInt(3); n > 0; n--) {
          int at = random.nextInt(text.length());
          int to = Math.min(text.length(), at + random.nextInt(3));
          int piece = random.nextInt(PIECES.length());
          text.replace(at, to, PIECES.substring(piece, piece + random.nextInt(2)));
        }
        String ours = ours(text.toString());
        assertEquals(gson(text.toString()), ours, text.toString());
        accepted += ours.equals("refused") ? 0 : 1;
      }
    }
    assertTrue(accepted > 1000, "accepted: " + accepted);
  }

  private static List<String> seeds() throws IOException {
    List<String> seeds = new ArrayList<>();
    seeds.add(
        "{\"a\\u00e9\\\\\\/\\b\\f\\n\\r\\t\\\"\": [1, -0, 1.5e+3, 0.1E-7, true, false, null, {}]}");
    seeds.add(
        "{\"a\": [[], {\"\": \"\\ud83d\\ude00\\ud800\"}, \"\"], \"b\": {\"a\": 12345678901234567890}}");
    try (Stream<Path> files = Files.walk(TestData.folder().resolve("fixtures"))) {
      for (Path file : files.filter(f -> f.toString().endsWith("network.json")).sorted().toList()) {
        String text = Files.readString(file);
        if (text.length() < 1000 && seeds.size() < 12) {
          seeds.add(text);
        }
      }
    }
    return seeds;
  }

  private static String ours(String text) {
    try {
      return print(JsonParser.parse(new JsonText("text", text)));
    } catch (JsonFormatException e) {
      return "refused";
    }
  }

  private static String print(JsonNode node) {
    StringBuilder out = new StringBuilder();
    if (node instanceof JsonNode.Members object) {
      for (Map.Entry<String, JsonNode.Member> member : object.members().entrySet()) {
        out.append(member.getKey())
            .append('=')
            .append(print(member.getValue().value()))
            .append(';');
      }
      return "{" + out + "}";
    }
    if (node instanceof JsonNode.Elements array) {
      array.values().forEach(value -> out.append(print(value)).append(';'));
      return "[" + out + "]";
    }
    return node instanceof JsonNode.Text text
        ? "'" + text.value() + "'"
        : node instanceof JsonNode.Numeral number
            ? number.digits()
            : node instanceof JsonNode.Truth truth ? "" + truth.value() : "null";
  }

  private static String gson(String text) {
    try (JsonReader reader = new JsonReader(new StringReader(text))) {
      reader.setStrictness(Strictness.STRICT);
      String value = gson(reader);
      return reader.peek() == JsonToken.END_DOCUMENT ? value : "refused";
    } catch (IOException | IllegalArgumentException e) {
      return "refused";
    }
  }

  private static String gson(JsonReader reader) throws IOException {
    StringBuilder out = new StringBuilder();
    switch (reader.peek()) {
      case BEGIN_OBJECT -> {
        List<String> keys = new ArrayList<>();
        reader.beginObject();
        while (reader.hasNext()) {
          String key = reader.nextName();
          if (keys.contains(key)) {
            throw new IOException("twice");
          }
          keys.add(key);
          out.append(key).append('=').append(gson(reader)).append(';');
        }
        reader.endObject();
        return "{" + out + "}";
      }
      case BEGIN_ARRAY -> {
        reader.beginArray();
        while (reader.hasNext()) {
          out.append(gson(reader)).append(';');
        }
        reader.endArray();
        return "[" + out + "]";
      }
      case STRING -> {
        return "'" + reader.nextString() + "'";
      }
      case NUMBER -> {
        return reader.nextString();
      }
      case BOOLEAN -> {
        return "" + reader.nextBoolean();
      }
      default -> {
        reader.nextNull();
        return "null";
      }
    }
  }
}
