package org.allclose.internal.arrays;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.allclose.TestData;
import org.allclose.json.JsonFormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Accepts and refuses the headers that the official reader does: {@code record_safetensors.py}
 * asked it.
 */
class SafetensorsHeaderTest {

  /** What it accepts and we refuse: keys that come twice, keys and spellings it does not write. */
  private static final List<String> STRICTER =
      List.of("meta key twice", "tensor twice", "extra key", "2^63", "tensor list");

  /**
   * What it refuses and we accept: whole numbers in other words, and half a character in a name.
   */
  private static final List<String> MORE_LENIENT =
      List.of("shape float", "shape exp", "escaped surrogate", "minus zero");

  @TempDir Path folder;

  @Test
  void headers_areAcceptedAsByTheOfficialReader() throws IOException {
    List<String> stricter = new ArrayList<>();
    List<String> moreLenient = new ArrayList<>();
    Path recorded = TestData.folder().resolve("safetensors/headers.json");
    JsonArray headers =
        JsonParser.parseString(Files.readString(recorded))
            .getAsJsonObject()
            .getAsJsonArray("headers");
    assertFalse(headers.isEmpty());
    for (JsonElement element : headers) {
      JsonObject header = element.getAsJsonObject();
      boolean accepted = accepts(header.get("header").getAsString(), header.get("data").getAsInt());
      if (accepted != header.get("accepted").getAsBoolean()) {
        (accepted ? moreLenient : stricter).add(header.get("name").getAsString());
      }
    }
    assertEquals(STRICTER, stricter);
    assertEquals(MORE_LENIENT, moreLenient);
  }

  @Test
  void metadataThatAreNoTexts_areRefused() throws IOException {
    Path file = write("{\"__metadata__\": {\"format\": \"pt\", \"epoch\": 3}}", 0);
    assertEquals(
        file + ": header: line 1, column 44: __metadata__.epoch: expected a text but got 3",
        assertThrows(JsonFormatException.class, () -> SafetensorsFile.open(file)).getMessage());
  }

  @Test
  void elementsThatEndWithinAByte_areRefused() throws IOException {
    Path file = write("{\"q\": {\"dtype\": \"F4\", \"shape\": [3], \"data_offsets\": [0, 2]}}", 2);
    assertEquals(
        file
            + ": header: line 1, column 32: q.shape: expected whole bytes of elements of 4 bits but got 12 bits",
        assertThrows(JsonFormatException.class, () -> SafetensorsFile.open(file)).getMessage());
  }

  private boolean accepts(String header, int data) throws IOException {
    try {
      SafetensorsFile.open(write(header, data));
      return true;
    } catch (JsonFormatException e) {
      return false;
    }
  }

  private Path write(String header, int data) throws IOException {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(Long.BYTES + text.length + data)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(text.length)
            .put(text);
    return Files.write(folder.resolve("x.safetensors"), bytes.array());
  }
}
