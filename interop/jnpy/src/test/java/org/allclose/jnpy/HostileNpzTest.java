package org.allclose.jnpy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way to read refuses every hostile zip with the same words. */
class HostileNpzTest {
  @TempDir Path folder;

  static List<Hostile> files() {
    return HostileNpz.all();
  }

  @ParameterizedTest
  @MethodSource("files")
  void everyReader_refuses(Hostile hostile) throws Exception {
    Path file = Files.write(folder.resolve("hostile.npz"), hostile.file());
    assertRefused(hostile, file, () -> Npz.read(file));
    assertRefused(
        hostile,
        file,
        () -> {
          try (NpzFile npz = NpzFile.open(file)) {
            npz.map("x").close();
          }
        });
    assertRefused(
        hostile,
        file,
        () -> {
          try (NpzFile npz = NpzFile.open(file);
              NpyReader reader = npz.reader("x")) {
            reader.next(Integer.MAX_VALUE);
          }
        });
  }

  private static void assertRefused(Hostile hostile, Path file, Executable read) {
    NpyException e = assertThrows(NpyException.class, read);
    String place = e.source().startsWith(file + "!") ? file + "!x.npy" : file.toString();
    assertEquals(place + ": " + hostile.message(), e.getMessage());
    assertEquals(place, e.source());
    assertEquals(hostile.reason(), e.reason());
  }
}
