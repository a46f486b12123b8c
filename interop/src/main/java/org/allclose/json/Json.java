package org.allclose.json;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.allclose.jnpy.AtomicFile;
import org.allclose.jnpy.FileKind;
import org.allclose.jnpy.InputFile;

/** Reads and prints JSON as RFC 8259 has it, and refuses duplicate keys. */
public final class Json {

  /** The most objects and arrays that may stand within each other. */
  public static final int MAXIMUM_DEPTH = 100;

  private Json() {}

  /**
   * Reads a file that holds one object.
   *
   * @return its fields, whose place is the file's name
   * @throws JsonFormatException if it is not UTF-8, not JSON, or not an object
   * @throws IOException if the file cannot be read
   */
  public static JsonFields read(Path file) throws IOException {
    return read(InputFile.of(file));
  }

  /** As {@link #read(Path)}, of a file that was looked at. */
  public static JsonFields read(InputFile file) throws IOException {
    switch (file.kind()) {
      // What is text, its parser tells more of: where it is no JSON.
      case JSON, TEXT, UNKNOWN -> {}
      default -> throw new JsonFormatException(file.isNot(FileKind.JSON).getMessage());
    }
    String text;
    try {
      text = Files.readString(file.content());
    } catch (CharacterCodingException e) {
      throw new JsonFormatException(file.name() + ": expected UTF-8 text", e);
    }
    return parse(file.name(), text);
  }

  /**
   * Reads a text that holds one object.
   *
   * @param place what errors call the text
   * @throws JsonFormatException if it is not JSON, or not an object
   */
  public static JsonFields parse(String place, String text) throws JsonFormatException {
    try (JsonReader reader = new JsonReader(new StringReader(text))) {
      reader.setStrictness(Strictness.STRICT);
      JsonElement document = element(place, reader, 0);
      if (reader.peek() != JsonToken.END_DOCUMENT) {
        throw new JsonFormatException(place + ": expected nothing after the first JSON value");
      }
      return JsonFields.of(place, document);
    } catch (JsonFormatException e) {
      throw e;
    } catch (MalformedJsonException | NumberFormatException e) {
      throw new JsonFormatException(place + ": expected JSON but got " + e.getMessage(), e);
    } catch (EOFException e) {
      throw new JsonFormatException(place + ": expected JSON but the text ends early", e);
    } catch (IOException e) {
      throw new JsonFormatException(place + ": " + e.getMessage(), e);
    }
  }

  /** Returns JSON text in several lines, with a line feed at its end. */
  public static String print(JsonElement element) {
    return new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(element)
        + "\n";
  }

  /**
   * Writes JSON to a file, which appears whole or not at all.
   *
   * @throws IOException if it cannot be written
   */
  public static void write(Path file, JsonElement element) throws IOException {
    AtomicFile.writeText(file, print(element));
  }

  private static JsonElement element(String place, JsonReader reader, int depth)
      throws IOException {
    if (depth > MAXIMUM_DEPTH) {
      throw new JsonFormatException(
          place + ": expected at most " + MAXIMUM_DEPTH + " objects and arrays in each other");
    }
    return switch (reader.peek()) {
      case BEGIN_OBJECT -> object(place, reader, depth);
      case BEGIN_ARRAY -> array(place, reader, depth);
      case STRING -> new JsonPrimitive(reader.nextString());
      case NUMBER -> new JsonPrimitive(new BigDecimal(reader.nextString()));
      case BOOLEAN -> new JsonPrimitive(reader.nextBoolean());
      default -> {
        reader.nextNull();
        yield JsonNull.INSTANCE;
      }
    };
  }

  private static JsonObject object(String place, JsonReader reader, int depth) throws IOException {
    JsonObject object = new JsonObject();
    reader.beginObject();
    while (reader.hasNext()) {
      String key = reader.nextName();
      if (object.has(key)) {
        throw new JsonFormatException(
            place + ": expected each key once but got '" + key + "' twice, at " + reader.getPath());
      }
      object.add(key, element(place, reader, depth + 1));
    }
    reader.endObject();
    return object;
  }

  private static JsonArray array(String place, JsonReader reader, int depth) throws IOException {
    JsonArray array = new JsonArray();
    reader.beginArray();
    while (reader.hasNext()) {
      array.add(element(place, reader, depth + 1));
    }
    reader.endArray();
    return array;
  }
}
