package org.allclose.jnpy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way to read refuses every hostile file with the same words. */
class HostileNpyTest {
  @TempDir Path folder;

  static List<Hostile> files() {
    return HostileNpy.all();
  }

  @ParameterizedTest
  @MethodSource("files")
  void read_ofAStream_isRefused(Hostile hostile) {
    assertRefused(hostile, "stream", () -> Npy.read(new ByteArrayInputStream(hostile.file())));
  }

  @ParameterizedTest
  @MethodSource("files")
  void read_ofAChannel_isRefused(Hostile hostile) {
    assertRefused(
        hostile,
        "stream",
        () -> Npy.read(Channels.newChannel(new ByteArrayInputStream(hostile.file()))));
  }

  @ParameterizedTest
  @MethodSource("files")
  void everyOtherReader_refusesToo(Hostile hostile) throws Exception {
    Path file = Files.write(folder.resolve("hostile.npy"), hostile.file());
    assertRefused(hostile, file.toString(), () -> Npy.read(file));
    assertRefused(hostile, file.toString(), () -> Npy.open(file).close());
    assertRefused(hostile, file.toString(), () -> Npy.readRange(file, 0, 1));
    assertRefused(
        hostile,
        file.toString(),
        () -> {
          try (NpyReader reader = Npy.reader(file)) {
            reader.next(Integer.MAX_VALUE);
          }
        });
    if (hostile.reason() != NpyException.Reason.TRUNCATED) {
      assertRefused(hostile, file.toString(), () -> Npy.header(file));
    }
  }

  @Test
  void read_ofMoreThanTheHeapCanEverHold_isRefusedBeforeItIsAllocated() throws Exception {
    byte[] file = NpyBytes.file(NpyBytes.dictionary("'<f8'", "False", "(99999999999999,)"), 8);
    NpyException e =
        assertThrows(NpyException.class, () -> Npy.read(new ByteArrayInputStream(file)));
    assertEquals(NpyException.Reason.LIMIT, e.reason());
    assertEquals(
        String.format(
            Locale.ROOT,
            "stream: array data: expected at most %d bytes in memory but got 799999999999992",
            Runtime.getRuntime().maxMemory()),
        e.getMessage());
  }

  private static void assertRefused(Hostile hostile, String source, Executable read) {
    NpyException e = assertThrows(NpyException.class, read);
    assertEquals(source + ": " + hostile.message(), e.getMessage());
    assertEquals(hostile.reason(), e.reason());
    assertEquals(source, e.source());
  }
}
