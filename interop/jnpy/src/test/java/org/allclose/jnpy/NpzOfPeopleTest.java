package org.allclose.jnpy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.allclose.jnpy.ZipBytes.Entry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archives that people packed, repacked or downloaded: all of them are read by numpy 2.4.6. */
class NpzOfPeopleTest {
  private static final byte[] ARRAY = file(1);

  @TempDir Path folder;

  private static byte[] file(int value) {
    byte[] data = NpyBytes.file(NpyBytes.dictionary("'|u1'", "False", "(1,)"), 1);
    data[data.length - 1] = (byte) value;
    return data;
  }

  private Path write(ZipBytes zip) throws IOException {
    return write(zip.build());
  }

  private Path write(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("x.npz"), bytes);
  }

  private static int read(Path file, String name) throws IOException {
    try (NpzFile npz = NpzFile.open(file)) {
      return npz.read(name).toInts()[0];
    }
  }

  @Test
  void whatIsNoArray_isListedAndLeftOut() throws IOException {
    // cat > README.txt; zip -r x.npz .; and on macOS, from its menu
    Path file =
        write(
            ZipBytes.of(
                Entry.stored("README.txt", "read me".getBytes(StandardCharsets.UTF_8)),
                Entry.stored("fc1/", new byte[0]),
                Entry.stored("fc1/W.npy", ARRAY),
                Entry.stored("__MACOSX/fc1/._W.npy", new byte[] {0, 5, 0x16, 7}),
                Entry.stored(".DS_Store", new byte[] {0, 0, 0, 1, 'B', 'u', 'd', '1'}),
                Entry.stored("locked.txt", new byte[1]).with(e -> e.flags = 1),
                Entry.deflated("no-suffix", ARRAY)));
    assertEquals(Set.of("fc1/W", "no-suffix"), Npz.read(file).keySet());
    try (NpzFile npz = NpzFile.open(file)) {
      assertEquals(List.of("fc1/W", "no-suffix"), npz.arrayNames());
      assertEquals(7, npz.names().size());
    }
  }

  @Test
  void whatIsCalledAnArray_isNotLeftOut() throws IOException {
    Path file = write(ZipBytes.of(Entry.stored("W.npy", new byte[] {1, 2, 3, 4, 5, 6, 7, 8})));
    NpyException e = assertThrows(NpyException.class, () -> Npz.read(file));
    assertEquals(
        file + "!W.npy: magic: expected 93 4e 55 4d 50 59 but got 01 02 03 04 05 06",
        e.getMessage());
  }

  /**
   * {@code numpy.load} of entries {@code a} and {@code a.npy}: {@code ['a']} is the first whatever
   * their order, {@code ['a.npy']} the second.
   */
  @Test
  void keyOfAnotherEntry_isThatEntrys() throws IOException {
    for (boolean backwards : new boolean[] {false, true}) {
      ZipBytes zip =
          ZipBytes.of(
              Entry.stored("a", file(1)),
              Entry.stored("a.npy", file(2)),
              Entry.stored("a.npy.npy", file(3)),
              Entry.stored("b.npy", file(4)));
      Path file = write(backwards ? zip.backwards() : zip);
      assertEquals(1, read(file, "a"));
      assertEquals(2, read(file, "a.npy"));
      assertEquals(3, read(file, "a.npy.npy"));
      assertEquals(4, read(file, "b"));
      assertEquals(4, read(file, "b.npy"));
      assertEquals(Set.of("a", "a.npy", "a.npy.npy", "b"), Npz.read(file).keySet());
    }
  }

  /** {@code numpy.lib.npyio.NpzFile} reads each; {@code numpy.load} those that start with PK. */
  @Test
  void bytesAroundTheZip_areIgnored() throws IOException {
    byte[] whole = ZipBytes.of(Entry.stored("a.npy", ARRAY)).build();
    for (int behind : new int[] {1, 3, 21, 22, 1000, 65535}) {
      assertEquals(1, read(write(Arrays.copyOf(whole, whole.length + behind)), "a"));
    }
    byte[] script = "#!/bin/sh\nexit\n".getBytes(StandardCharsets.UTF_8);
    ZipBytes both =
        ZipBytes.of(Entry.stored("a.npy", ARRAY), Entry.deflated("b.npy", file(2)))
            .before(script)
            .comment(new byte[3], 1);
    assertEquals(2, read(write(both), "b"));
    assertEquals(1, read(write(both.zip64()), "a"));
    try (NpzFile npz = NpzFile.open(write(both));
        NpyFile mapped = npz.map("a")) {
      assertArrayEquals(new int[] {1}, mapped.array().toInts());
    }
    // A comment cut short.
    assertEquals(
        1, read(write(ZipBytes.of(Entry.stored("a.npy", ARRAY)).comment(new byte[10], 11)), "a"));
  }

  @Test
  void mappedDeflatedEntry_isHeldToTheLimit() throws IOException {
    Path file = write(ZipBytes.of(Entry.deflated("a.npy", ARRAY), Entry.stored("b.npy", ARRAY)));
    ReadOptions none = ReadOptions.defaults().withLimits(Limits.defaults().withExpandedBytes(0));
    try (NpzFile npz = NpzFile.open(file, none)) {
      npz.map("b").close();
      NpyException e = assertThrows(NpyException.class, () -> npz.map("a"));
      assertEquals(
          file + "!a.npy: entry: expected at most 0 bytes to expand but got 1", e.getMessage());
      assertEquals(NpyException.Reason.LIMIT, e.reason());
    }
  }
}
