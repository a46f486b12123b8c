package org.allclose.jnpy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import org.allclose.TestData;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class NpzWriterTest {
  @TempDir Path folder;

  static List<String> lines() throws IOException {
    return Files.readAllLines(TestData.folder().resolve("digests/npz.txt")).stream()
        .filter(line -> !line.startsWith("#") && !line.startsWith("many "))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("lines")
  void write_givesNumpysFile(String line) throws Exception {
    String name = line.split(" ", -1)[0];
    Path file = folder.resolve("x.npz");
    Map<String, NpyArray> arrays = NpzCases.arrays(name);
    Npz.write(file, arrays, Durability.BUFFERED);
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
    assertEquals(line.split(" ", -1)[1], HexFormat.of().formatHex(digest));
    assertEquals(arrays.keySet(), Npz.read(file).keySet());
  }

  @Test
  @Tag("slow")
  void write_ofAsManyEntriesAsNeedZip64_givesNumpysFile() throws Exception {
    List<String> many =
        Files.readAllLines(TestData.folder().resolve("digests/npz.txt")).stream()
            .filter(line -> line.startsWith("many "))
            .toList();
    assertEquals(1, many.size());
    write_givesNumpysFile(many.get(0));
  }

  /** Arrays around the lengths at which bytes are gathered before they are written. */
  @Test
  void write_ofLongAndShortArraysInTurns_keepsThemAll() throws Exception {
    Path file = folder.resolve("x.npz");
    for (boolean deflated : new boolean[] {false, true}) {
      Map<String, NpyArray> arrays = new LinkedHashMap<>();
      for (int length : new int[] {0, 1, 65000, 65300, 65408, 65409, 65536, 100, 65535, 200_000}) {
        byte[] values = new byte[length];
        new Random(length).nextBytes(values);
        arrays.put("a" + length, NpyArray.of(values, length));
      }
      if (deflated) {
        Npz.writeDeflated(file, arrays, Durability.BUFFERED);
      } else {
        Npz.write(file, arrays, Durability.BUFFERED);
      }
      Map<String, NpyArray> back = Npz.read(file);
      assertEquals(List.copyOf(arrays.keySet()), List.copyOf(back.keySet()));
      arrays.forEach((key, array) -> NpzCases.assertSame(array, back.get(key)));
      // Another reader finds the local headers right, too: they were written after the data.
      try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(file))) {
        for (NpyArray array : arrays.values()) {
          ZipEntry entry = zip.getNextEntry();
          byte[] content = zip.readAllBytes();
          assertEquals(content.length, entry.getSize());
          assertEquals(128 + array.size(), content.length);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"empty", "plain", "names"})
  void writeDeflated_isReadBack_andTheSameEachTime(String name) throws Exception {
    Path file = folder.resolve("x.npz");
    Map<String, NpyArray> arrays = NpzCases.arrays(name);
    Npz.writeDeflated(file, arrays);
    byte[] first = Files.readAllBytes(file);
    Npz.writeDeflated(file, arrays, Durability.BUFFERED);
    assertArrayEquals(first, Files.readAllBytes(file));
    Map<String, NpyArray> back = Npz.read(file);
    assertEquals(List.copyOf(arrays.keySet()), List.copyOf(back.keySet()));
    arrays.forEach((key, array) -> NpzCases.assertSame(array, back.get(key)));
    try (NpzFile npz = NpzFile.open(file)) {
      assertTrue(npz.entries().stream().allMatch(NpzEntry::isDeflated));
    }
  }

  @Test
  void deflated_isSmaller_andOtherReadersUnderstandIt() throws Exception {
    Path file = folder.resolve("x.npz");
    Npz.writeDeflated(file, Map.of("zeros", NpyArray.of(new double[100_000], 100_000)));
    assertTrue(Files.size(file) < 2_000);
    try (ZipFile zip = new ZipFile(file.toFile())) {
      byte[] content = zip.getInputStream(zip.getEntry("zeros.npy")).readAllBytes();
      assertEquals(800_128, content.length);
    }
  }

  @Test
  void parts_giveTheSameFile() throws IOException {
    Path whole = folder.resolve("whole.npz");
    Path parts = folder.resolve("parts.npz");
    NpyArray array = NpyArray.of(new int[] {1, 2, 3, 4, 5, 6}, 3, 2);
    Map<String, NpyArray> arrays = new LinkedHashMap<>();
    arrays.put("x", array);
    arrays.put("y", array);
    for (boolean deflated : new boolean[] {false, true}) {
      if (deflated) {
        Npz.writeDeflated(whole, arrays);
      } else {
        Npz.write(whole, arrays);
      }
      try (NpzWriter writer =
          deflated ? NpzWriter.createDeflated(parts) : NpzWriter.create(parts)) {
        try (NpyWriter x = writer.begin("x", NpyHeader.of(DType.INT32, false, 3, 2))) {
          x.write(array.rows(0, 1));
          x.write(array.rows(1, 3));
          x.finish();
        }
        writer.write("y", array);
        writer.finish();
      }
      assertArrayEquals(Files.readAllBytes(whole), Files.readAllBytes(parts));
    }
  }

  @Test
  void unfinishedEntry_blocksTheNext() throws IOException {
    Path file = folder.resolve("x.npz");
    try (NpzWriter writer = NpzWriter.create(file)) {
      NpyWriter open = writer.begin("x", NpyHeader.of(DType.INT32, false, 2));
      String message = "npz: expected the entry before to be finished";
      NpyArray array = NpyArray.of(new int[2], 2);
      assertEquals(
          message,
          assertThrows(IllegalStateException.class, () -> writer.write("y", array)).getMessage());
      assertEquals(message, assertThrows(IllegalStateException.class, writer::finish).getMessage());
      open.write(array);
      open.finish();
      open.close();
      writer.write("y", array);
      writer.finish();
    }
    assertEquals(List.of("x", "y"), List.copyOf(Npz.read(file).keySet()));
  }

  @Test
  void unfinishedFile_doesNotAppear() throws IOException {
    Path file = folder.resolve("x.npz");
    try (NpzWriter writer = NpzWriter.create(file, Durability.BUFFERED)) {
      writer.write("x", NpyArray.of(new int[2], 2));
    }
    assertFalse(Files.exists(file));
  }

  @Test
  void names_areChecked() throws IOException {
    NpyArray array = NpyArray.of(new int[2], 2);
    try (NpzWriter writer =
        NpzWriter.createDeflated(folder.resolve("x.npz"), Durability.BUFFERED)) {
      writer.write("x", array);
      assertRefused("npz: expected each name once but got 'x' twice", writer, "x");
      assertRefused(
          "npz: expected a name of whole characters but got 'a\\ud800'", writer, "a\ud800");
      assertRefused(
          "npz: expected a name without zeros, of at most 65535 bytes but got 'a\\x00b' of 7",
          writer,
          "a\0b");
      String name = "n".repeat(65531);
      writer.write(name, array);
      assertRefused(
          "npz: expected a name without zeros, of at most 65535 bytes but got '"
              + "n".repeat(60)
              + "… (65,472 more)' of 65536",
          writer,
          name + "n");
      writer.write("x.npy", array);
      writer.finish();
    }
    assertEquals(3, Npz.read(folder.resolve("x.npz")).size());
  }

  private static void assertRefused(String message, NpzWriter writer, String name) {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> writer.write(name, NpyArray.of(new int[1])));
    assertEquals(message, e.getMessage());
  }
}
