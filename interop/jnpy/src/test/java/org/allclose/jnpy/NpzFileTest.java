package org.allclose.jnpy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.allclose.TestData;
import org.allclose.jnpy.ZipBytes.Entry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NpzFileTest {
  private static final byte[] ARRAY = HostileNpz.ARRAY;

  @TempDir Path folder;

  private Path write(ZipBytes zip) throws IOException {
    return Files.write(folder.resolve("x.npz"), zip.build());
  }

  @ParameterizedTest
  @ValueSource(strings = {"compressed", "streamed"})
  void numpysFiles_areRead(String kind) throws IOException {
    for (String name : NpzCases.COMMITTED) {
      Path file = TestData.folder().resolve("npz/" + name + "-" + kind + ".npz");
      Map<String, NpyArray> expected = NpzCases.arrays(name);
      try (NpzFile npz = NpzFile.open(file)) {
        assertEquals(List.copyOf(expected.keySet()), npz.names());
        assertEquals(file + " (" + expected.size() + " entries)", npz.toString());
        for (String key : npz.names()) {
          assertTrue(npz.isArray(key));
          assertTrue(npz.contains(key));
          NpyArray array = expected.get(key);
          assertEquals(array.toString(), npz.header(key).toString());
          assertEquals(file + "!" + key + ".npy", npz.read(key).source());
          NpzCases.assertSame(array, npz.read(key));
          try (NpyFile mapped = npz.map(key)) {
            NpzCases.assertSame(array, mapped.array());
          }
          try (NpyReader reader = npz.reader(key)) {
            NpyArray first = reader.next(1);
            assertEquals(Math.min(1, array.size()), first.size());
          }
        }
      }
    }
  }

  @Test
  void entries_tellWhatTheDirectoryTells() throws IOException {
    byte[] zeros = NpyBytes.file(NpyBytes.dictionary("'|u1'", "False", "(100000,)"), 100000);
    Entry deflated = Entry.deflated("b/c.npy", zeros);
    Path file = write(ZipBytes.of(Entry.stored("a.npy", ARRAY), deflated));
    try (NpzFile npz = NpzFile.open(file)) {
      List<NpzEntry> entries = npz.entries();
      assertEquals(2, entries.size());
      NpzEntry first = entries.get(0);
      assertEquals("a", first.name());
      assertEquals("a.npy", first.fileName());
      assertEquals(134, first.size());
      assertEquals(134, first.compressedSize());
      assertFalse(first.isDeflated());
      assertEquals("a.npy, 134 bytes, stored in 134", first.toString());
      NpzEntry second = entries.get(1);
      assertEquals("b/c", second.name());
      assertTrue(second.isDeflated());
      assertEquals(zeros.length, second.size());
      assertEquals(deflated.packed.length, second.compressedSize());
      assertEquals(
          String.format(
              Locale.ROOT,
              "b/c.npy, %d bytes, deflated in %d",
              zeros.length,
              deflated.packed.length),
          second.toString());
      assertThrows(UnsupportedOperationException.class, () -> entries.remove(0));
      assertArrayEquals(new int[100000], npz.read("b/c").toInts());
    }
  }

  @Test
  void entriesThatAreNoArrays_areListed() throws IOException {
    Path file =
        write(
            ZipBytes.of(
                Entry.stored("readme.txt", "text".getBytes(StandardCharsets.UTF_8)),
                Entry.stored("folder/", new byte[0]),
                Entry.deflated("looks.npy", "no".getBytes(StandardCharsets.UTF_8)),
                Entry.stored("array", ARRAY)));
    try (NpzFile npz = NpzFile.open(file)) {
      assertEquals(List.of("readme.txt", "folder/", "looks", "array"), npz.names());
      assertFalse(npz.isArray("readme.txt"));
      assertFalse(npz.isArray("folder/"));
      assertFalse(npz.isArray("looks"));
      assertTrue(npz.isArray("array"));
      assertEquals(6, npz.read("array").size());
      NpyException e = assertThrows(NpyException.class, () -> npz.header("readme.txt"));
      assertEquals(NpyException.Reason.NOT_NPY, e.reason());
    }
  }

  @Test
  void missingEntry_isRefused() throws IOException {
    Path file = write(ZipBytes.of(Entry.stored("a.npy", ARRAY)));
    try (NpzFile npz = NpzFile.open(file)) {
      assertTrue(npz.contains("a.npy")); // as in numpy
      for (String name : List.of("b", "a.npy.npy", "")) {
        NpyException e = assertThrows(NpyException.class, () -> npz.read(name));
        assertEquals(file + ": expected an entry '" + name + "' but got 1 others", e.getMessage());
        assertEquals(NpyException.Reason.NO_SUCH_ENTRY, e.reason());
        assertEquals(file.toString(), e.source());
      }
    }
  }

  @Test
  void names_loseOneSuffix_andAreNoPaths() throws IOException {
    List<String> fileNames =
        List.of(
            "a.npy.npy", "../../etc/passwd.npy", "/root.npy", "C:\\x.npy", ".npy", "n.NPY", "npy");
    Path file =
        write(
            ZipBytes.of(fileNames.stream().map(n -> Entry.stored(n, ARRAY)).toArray(Entry[]::new)));
    try (NpzFile npz = NpzFile.open(file)) {
      assertEquals(
          List.of("a.npy", "../../etc/passwd", "/root", "C:\\x", "", "n.NPY", "npy"), npz.names());
      for (String name : npz.names()) {
        assertEquals(6, npz.read(name).size());
        npz.map(name).close();
      }
    }
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(1, files.count());
    }
  }

  @Test
  void names_withoutFlag_areCodePage437() throws IOException {
    // Python: bytes(range(128, 256)).decode('cp437')
    String upper =
        "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀"
            + "αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0";
    byte[] name = new byte[128];
    for (int i = 0; i < 128; i++) {
      name[i] = (byte) (i + 128);
    }
    Path file =
        write(
            ZipBytes.of(
                Entry.stored("x", ARRAY).with(e -> e.name = name).with(e -> e.localName = name)));
    try (NpzFile npz = NpzFile.open(file)) {
      assertEquals(List.of(upper), npz.names());
      assertEquals(6, npz.read(upper).size());
    }
  }

  @Test
  void emptyZip_hasNoEntries() throws IOException {
    try (NpzFile npz = NpzFile.open(write(ZipBytes.of()))) {
      assertEquals(List.of(), npz.names());
    }
    assertEquals(Map.of(), Npz.read(write(ZipBytes.of().zip64())));
  }

  @Test
  void zipsOfEveryKind_areRead() throws IOException {
    List<ZipBytes> zips = new ArrayList<>();
    zips.add(ZipBytes.of(Entry.stored("x.npy", ARRAY)).zip64());
    zips.add(ZipBytes.of(Entry.stored("x.npy", ARRAY)).comment(new byte[65535], 65535));
    zips.add(
        ZipBytes.of(Entry.stored("x.npy", ARRAY))
            .comment("PK\5\6".repeat(20).getBytes(StandardCharsets.UTF_8), 80));
    zips.add(
        ZipBytes.of(
            Entry.stored("x.npy", ARRAY)
                .with(
                    e -> {
                      // Sizes in the data descriptor behind the data, as streams have them.
                      e.flags = 1 << 3;
                      e.descriptor = new byte[16];
                      e.comment = new byte[10];
                      e.localExtra = new byte[33];
                    }),
            Entry.stored("y.npy", ARRAY)));
    // 64-bit numbers where 32 bits would do, behind a field that is unknown.
    byte[] unknown = {(byte) 0xfe, (byte) 0xca, 2, 0, 1, 2};
    byte[] wide = ZipBytes.wide(134, 134, 0);
    byte[] extra = Arrays.copyOf(unknown, unknown.length + wide.length);
    System.arraycopy(wide, 0, extra, unknown.length, wide.length);
    Entry large = Entry.stored("x.npy", ARRAY);
    large.centralExtra = extra;
    zips.add(ZipBytes.of(large));
    for (ZipBytes zip : zips) {
      assertEquals(6, Npz.read(write(zip)).get("x").size());
    }
    byte[] bytes = ZipBytes.of(large).build();
    int central = 30 + 5 + 134;
    Arrays.fill(bytes, central + 20, central + 28, (byte) 0xff);
    Arrays.fill(bytes, central + 42, central + 46, (byte) 0xff);
    Path file = Files.write(folder.resolve("wide.npz"), bytes);
    assertEquals(6, Npz.read(file).get("x").size());
  }

  @Test
  void arrays_stayWhenTheFileIsClosed_mappedOnesToo() throws IOException {
    Path file = write(ZipBytes.of(Entry.stored("x.npy", ARRAY), Entry.deflated("y.npy", ARRAY)));
    NpyFile stored;
    NpyFile deflated;
    try (NpzFile npz = NpzFile.open(file)) {
      stored = npz.map("x");
      deflated = npz.map("y");
    }
    try (stored;
        deflated) {
      assertArrayEquals(new int[6], stored.array().toInts());
      assertArrayEquals(new int[6], deflated.array().toInts());
      assertEquals(file + "!y.npy", deflated.array().source());
    }
    assertThrows(IllegalStateException.class, () -> stored.array().toInts());
    assertThrows(IllegalStateException.class, () -> deflated.array().toInts());
  }

  @Test
  void directory_inAnotherOrderThanTheEntries_isTheOrder() throws IOException {
    byte[] longer = NpyBytes.file(NpyBytes.dictionary("'|u1'", "False", "(300,)"), 300);
    Path file =
        write(
            ZipBytes.of(Entry.stored("x.npy", longer), Entry.deflated("y.npy", ARRAY)).backwards());
    try (NpzFile npz = NpzFile.open(file)) {
      assertEquals(List.of("y", "x"), npz.names());
      assertEquals(6, npz.read("y").size());
      assertEquals(300, npz.read("x").size());
    }
  }

  @Test
  void close_endsReading() throws IOException {
    NpzFile npz = NpzFile.open(write(ZipBytes.of(Entry.stored("x.npy", ARRAY))));
    npz.close();
    assertThrows(ClosedChannelException.class, () -> npz.read("x"));
  }

  /** As the system sees it, where it tells. */
  @Test
  void closedAndRefusedFiles_areNotLeftOpen() throws IOException {
    Path open = Path.of("/proc/self/fd");
    assumeTrue(Files.isDirectory(open), "skipped: no list of open files here");
    Path file = write(ZipBytes.of(Entry.stored("x.npy", ARRAY), Entry.deflated("y.npy", ARRAY)));
    Npz.read(file);
    try (NpzFile npz = NpzFile.open(file)) {
      npz.reader("y").close();
    }
    assertFalse(isOpen(file), "read");
    Path damaged = Files.write(folder.resolve("damaged.npz"), new byte[40]);
    assertThrows(NpyException.class, () -> NpzFile.open(damaged));
    assertFalse(isOpen(damaged), "refused");
    Path npy = Files.write(folder.resolve("x.npy"), ARRAY);
    Npy.read(npy);
    Npy.header(npy);
    Npy.open(npy).close();
    assertFalse(isOpen(npy), "array");
    Files.write(npy, Arrays.copyOf(ARRAY, ARRAY.length - 1));
    assertThrows(NpyException.class, () -> Npy.read(npy));
    assertThrows(NpyException.class, () -> Npy.open(npy));
    assertFalse(isOpen(npy), "array that ends early");
  }

  private static boolean isOpen(Path file) throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.anyMatch(
          descriptor -> {
            try {
              return Files.readSymbolicLink(descriptor).equals(file.toAbsolutePath());
            } catch (IOException e) {
              return false; // closed meanwhile, as the one of the list itself
            }
          });
    }
  }

  @Test
  void options_areHeld() throws IOException {
    byte[] bfloat = NpyBytes.file(NpyBytes.dictionary("'|V2'", "False", "(3,)"), 6);
    Path file = write(ZipBytes.of(Entry.stored("x.npy", bfloat), Entry.stored("y.npy", ARRAY)));
    ReadOptions options = ReadOptions.defaults().withVoidAsBfloat16(true);
    assertEquals(DType.BFLOAT16, Npz.read(file, options).get("x").dtype());
    ReadOptions few = options.withLimits(Limits.defaults().withEntries(1));
    NpyException e = assertThrows(NpyException.class, () -> Npz.read(file, few));
    assertEquals(file + ": zip directory: expected at most 1 entries but got 2", e.getMessage());
    ReadOptions small = options.withLimits(Limits.defaults().withDirectoryBytes(101));
    e = assertThrows(NpyException.class, () -> Npz.read(file, small));
    assertEquals(file + ": zip directory: expected at most 101 bytes but got 102", e.getMessage());
    assertEquals(
        2,
        Npz.read(file, options.withLimits(Limits.defaults().withEntries(2).withDirectoryBytes(102)))
            .size());
    ReadOptions five = options.withLimits(Limits.defaults().withArrayBytes(5));
    e = assertThrows(NpyException.class, () -> Npz.read(file, five));
    assertEquals(
        file + "!x.npy: array data: expected at most 5 bytes in memory but got 6", e.getMessage());
  }
}
