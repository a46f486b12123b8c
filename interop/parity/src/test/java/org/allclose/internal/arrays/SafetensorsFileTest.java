package org.allclose.internal.arrays;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import org.allclose.WeightSource;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.allclose.weights.WeightFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsFileTest {
  @TempDir Path folder;

  @Test
  void floats_areReadExactly() throws IOException {
    ByteBuffer data = ByteBuffer.allocate(8 + 8 + 4 + 4).order(ByteOrder.LITTLE_ENDIAN);
    data.putDouble(0.1).putFloat(0.1f).putFloat(-2).putShort((short) 0x3c01).putShort((short) 1);
    data.putShort((short) 0x3f81).putShort((short) 0xff80);
    SafetensorsFile file =
        SafetensorsFile.open(
            write(
                """
                {"__metadata__": {"format": "pt"},
                 "d": {"dtype": "F64", "shape": [], "data_offsets": [0, 8]},
                 "bf": {"dtype": "BF16", "shape": [2], "data_offsets": [20, 24]},
                 "f": {"dtype": "F32", "shape": [1, 2], "data_offsets": [8, 16]},
                 "h": {"dtype": "F16", "shape": [2, 1], "data_offsets": [16, 20]}}\s\s\s
                """
                    .strip(),
                data.array()));
    assertEquals(List.of("d", "bf", "f", "h"), List.copyOf(file.names()));
    assertEquals(Tensor.scalar(0.1), file.get("d"));
    assertEquals(Tensor.of(Shape.of(1, 2), 0.1f, -2), file.get("f"));
    // IEEE 754 binary16: 1 + 2^-10 and the least subnormal, 2^-24.
    assertEquals(Tensor.of(Shape.of(2, 1), 1 + 0x1p-10, 0x1p-24), file.get("h"));
    // bfloat16, the upper half of a float: 1 + 2^-7 and minus infinity.
    assertEquals(Tensor.vector(1 + 0x1p-7, Double.NEGATIVE_INFINITY), file.get("bf"));
  }

  @Test
  void content_tellsTheKindOfFile() throws IOException {
    Path file = write("{\"a\": {\"dtype\": \"F64\", \"shape\": [0], \"data_offsets\": [0, 0]}}");
    WeightSource source = WeightFiles.open(file);
    assertEquals("SafetensorsFile[" + file + "]", source.toString());
    assertEquals(Tensor.zeros(0), source.get("a"));
  }

  @Test
  void otherTypes_mayBeThereButNotBeRead() throws IOException {
    SafetensorsFile file =
        SafetensorsFile.open(
            write(
                "{\"n\": {\"dtype\": \"I64\", \"shape\": [], \"data_offsets\": [0, 8]}}",
                new byte[8]));
    assertEquals(
        file.description() + "!n: expected F64, F32, F16 or BF16 but got I64",
        assertThrows(IllegalArgumentException.class, () -> file.get("n")).getMessage());
    assertEquals(
        file.description() + ": expected one of [n] but got 'm'",
        assertThrows(IllegalArgumentException.class, () -> file.get("m")).getMessage());
  }

  @Test
  void headerOutsideOfTheFile_isRefused() throws IOException {
    assertBroken("expected at least 8 bytes but got 3", new byte[3]);
    for (long length : new long[] {-1, Long.MIN_VALUE, 0, 1, 11, Long.MAX_VALUE}) {
      ByteBuffer bytes = ByteBuffer.allocate(18).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
      assertBroken(
          "length of the header: expected 2 to 10 but got " + Long.toUnsignedString(length),
          bytes.array());
    }
  }

  @Test
  void headerThatIsNoObjectOfTensors_isRefused() throws IOException {
    assertHeaderBroken("header: expected an object but got an array", "[]");
    assertHeaderBroken(
        "header: line 1, column 11: expected each key once but got 'a' twice",
        "{\"a\": {}, \"a\": {}}");
    assertHeaderBroken(
        "header: line 1, column 7: a: expected key 'dtype' but got []", "{\"a\": {}}");
    assertBroken(
        "header: expected UTF-8 text but byte 0 is not",
        new byte[] {2, 0, 0, 0, 0, 0, 0, 0, (byte) 0xff, (byte) 0xff});
  }

  @Test
  void offsetsThatDoNotFit_areRefused() throws IOException {
    for (String offsets : List.of("[0,17]", "[8,0]", "[0,9223372036854775807]", "[0]", "[]")) {
      assertHeaderBroken(
          "header: line 1, column 54: a.data_offsets: expected [begin, end] within 16 bytes of data"
              + " but got "
              + offsets,
          header("a", "F64", "[1]", offsets),
          16);
    }
    assertHeaderBroken(
        "header: line 1, column 54: a.data_offsets: expected 8 bytes for the shape but got 16",
        header("a", "F64", "[1]", "[0, 16]"),
        16);
    assertHeaderBroken(
        "!a: data_offsets: expected it to start at 0, where the one before ends, but got 8",
        header("a", "F64", "[1]", "[8, 16]"),
        16);
    assertHeaderBroken(
        "expected 8 bytes of data but got 16", header("a", "F64", "[1]", "[0, 8]"), 16);
    assertHeaderBroken(
        "!b: data_offsets: expected it to start at 8, where the one before ends, but got 0",
        header("a", "F64", "[1]", "[0, 8]").replaceFirst("}}$", "}, ")
            + header("b", "F64", "[1]", "[0, 8]").substring(1),
        8);
  }

  @Test
  void headerBeyondTheLimit_isRefused() throws IOException {
    Path file = folder.resolve("long.safetensors");
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(99_000_000);
      channel.write(length.flip());
      channel.write(ByteBuffer.wrap(new byte[1]), 100_000_000);
    }
    assertEquals(
        file + ": length of the header: expected 2 to 16777216 but got 99000000",
        assertThrows(IOException.class, () -> SafetensorsFile.open(file)).getMessage());
  }

  @Test
  void negativeOffsets_areRefused() throws IOException {
    assertHeaderBroken(
        "header: line 1, column 55: a.data_offsets[0]: expected a whole number of at least 0 but got -1",
        header("a", "F64", "[1]", "[-1, 7]"),
        16);
  }

  @Test
  void shapesThatOverflow_areRefused() throws IOException {
    assertHeaderBroken(
        "header: line 1, column 33: a.shape: expected one that fits a file but got too many elements",
        header("a", "F64", "[4294967296, 4294967296]", "[0, 0]"),
        0);
    assertHeaderBroken(
        "header: line 1, column 34: a.shape[0]: expected a whole number of at least 0 but got -1",
        header("a", "F64", "[-1]", "[0, 0]"),
        0);
    assertHeaderBroken(
        "header: line 1, column 17: a.dtype: expected one of [BF16, BOOL, C64, F16, F32, F4, F64,"
            + " F6_E2M3, F6_E3M2, F8_E4M3, F8_E4M3FNUZ, F8_E5M2, F8_E5M2FNUZ, F8_E8M0, I16, I32, I64,"
            + " I8, U16, U32, U64, U8] but got 'F65'; did you mean 'F64'?",
        header("a", "F65", "[1]", "[0, 0]"),
        0);
  }

  /**
   * Every prefix of a good file is refused, and none makes the reader allocate what is not there.
   */
  @Test
  void truncatedFiles_areRefused() throws IOException {
    byte[] whole = Files.readAllBytes(write(header("a", "F64", "[2]", "[0, 16]"), new byte[16]));
    for (int length = 0; length < whole.length; length++) {
      Path file = folder.resolve("short.safetensors");
      Files.write(file, java.util.Arrays.copyOf(whole, length));
      IOException e = assertThrows(IOException.class, () -> SafetensorsFile.open(file));
      assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
    }
  }

  private static String header(String name, String dtype, String shape, String offsets) {
    return String.format(
        Locale.ROOT,
        "{\"%s\": {\"dtype\": \"%s\", \"shape\": %s, \"data_offsets\": %s}}",
        name,
        dtype,
        shape,
        offsets);
  }

  private void assertHeaderBroken(String message, String header) throws IOException {
    assertHeaderBroken(message, header, 0);
  }

  private void assertHeaderBroken(String message, String header, int data) throws IOException {
    assertBroken(message, Files.readAllBytes(write(header, new byte[data])));
  }

  private void assertBroken(String message, byte[] bytes) throws IOException {
    Path file = folder.resolve("broken.safetensors");
    Files.write(file, bytes);
    String place = message.startsWith("!") ? file.toString() : file + ": ";
    assertEquals(
        place + message,
        assertThrows(IOException.class, () -> SafetensorsFile.open(file)).getMessage());
  }

  private Path write(String header, byte... data) throws IOException {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(Long.BYTES + text.length + data.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(text.length)
            .put(text)
            .put(data);
    return Files.write(folder.resolve("model.safetensors"), bytes.array());
  }
}
