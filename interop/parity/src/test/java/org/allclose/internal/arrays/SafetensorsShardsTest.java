package org.allclose.internal.arrays;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.allclose.Network;
import org.allclose.NetworkSpec;
import org.allclose.TestData;
import org.allclose.WeightSource;
import org.allclose.tensor.Shape;
import org.allclose.weights.WeightFiles;
import org.allclose.weights.WeightLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsShardsTest {
  private static final Path SHARDS = TestData.folder().resolve("safetensors/shards");
  private static final String FIRST = "model-00001-of-00002.safetensors";
  private static final String SECOND = "model-00002-of-00002.safetensors";

  @TempDir Path folder;

  @Test
  void shards_areJoined() throws IOException {
    Path index = SHARDS.resolve("model.safetensors.index.json");
    WeightSource source = WeightFiles.open(index);
    assertEquals(List.of("fc1.weight", "fc1.bias"), List.copyOf(source.names()));
    assertEquals(index.toString(), source.description());
    assertEquals(Shape.of(2, 3), source.get("fc1.weight").shape());
    NetworkSpec spec = Network.input(3).dense("fc1", 2).build();
    Network network = spec.bind(WeightLayout.PYTORCH.adapt(source, spec));
    assertEquals(source.get("fc1.bias"), network.parameters().get("fc1/b"));
    assertEquals(
        index + ": expected one of [fc1.weight, fc1.bias] but got 'x'",
        assertThrows(IllegalArgumentException.class, () -> source.get("x")).getMessage());
  }

  @Test
  void indexThatContradictsItsFiles_isRefused() throws IOException {
    assertRefused(
        ": weight_map.fc1.weight: expected the file " + folder.resolve("x") + " but got none",
        "{'fc1.weight': 'x'}");
    assertRefused(
        ": weight_map.fc1.bias: expected a tensor of " + FIRST + " but got one of [fc1.weight]",
        "{'fc1.weight': '" + FIRST + "', 'fc1.bias': '" + FIRST + "'}");
    Files.copy(SHARDS.resolve(FIRST), folder.resolve("copy"));
    Files.copy(SHARDS.resolve(SECOND), folder.resolve("other"));
    assertRefused(
        ": weight_map: expected tensor 'fc1.weight' of " + folder.resolve("both") + " but got none",
        "{'a': 'both'}");
    assertRefused(
        ": weight_map.fc1.weight: expected one file with the tensor but got two: "
            + folder.resolve("copy")
            + " and "
            + folder.resolve("both"),
        "{'a': 'both', 'fc1.bias': 'both', 'fc1.weight': 'copy'}");
    assertRefused(": expected key 'weight_map' but got [weights]", index("{\"weights\": {}}"));
  }

  @Test
  void filesElsewhere_areNotRead() throws IOException {
    for (String name : List.of("../x", "/etc/passwd", "a/b", "..", "", "c:x", "a\\\\b")) {
      assertRefused(
          ": weight_map.a: expected the name of a file beside the index but got '"
              + name.replace("\\\\", "\\")
              + "'",
          "{'a': '" + name + "'}");
    }
  }

  private void assertRefused(String message, String map) throws IOException {
    Files.copy(
        SHARDS.resolve(FIRST),
        folder.resolve(FIRST),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    Files.write(folder.resolve("both"), both());
    assertRefused(message, index("{\"weight_map\": " + map.replace('\'', '"') + "}"));
  }

  private static void assertRefused(String message, Path index) {
    assertEquals(
        index + message,
        assertThrows(IOException.class, () -> WeightFiles.open(index))
            .getMessage()
            .replaceFirst(": line 1, column [0-9]+", ""));
  }

  private Path index(String json) throws IOException {
    return Files.writeString(folder.resolve("x.index.json"), json);
  }

  /** A file with three tensors of no elements. */
  private static byte[] both() {
    StringBuilder header = new StringBuilder("{");
    for (String name : List.of("a", "fc1.weight", "fc1.bias")) {
      header.append(header.length() > 1 ? "," : "").append('"').append(name);
      header.append("\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}");
    }
    byte[] text = header.append('}').toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
    return java.nio.ByteBuffer.allocate(8 + text.length)
        .order(java.nio.ByteOrder.LITTLE_ENDIAN)
        .putLong(text.length)
        .put(text)
        .array();
  }
}
