package org.allclose.jnpy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Reads hostile and large files in a JVM with a heap of 64 MB, where nothing may go wrong either.
 */
@Tag("slow")
class SmallHeapTest {
  @TempDir Path folder;

  private final List<Path> files = new ArrayList<>();
  private final List<String> expected = new ArrayList<>();

  @Test
  void hostileFiles_giveTheSameErrors() throws Exception {
    for (Hostile hostile : HostileNpy.all()) {
      add(".npy", hostile.file(), hostile.message());
    }
    for (Hostile hostile : HostileNpz.all()) {
      add(".npz", hostile.file(), hostile.message());
    }
    assertOutcomes();
  }

  @Test
  void arraysBeyondTheHeap_areRefused() throws Exception {
    // The heap can never hold the first; the second it could, were it empty.
    add(
        ".npy",
        sparse(100 << 20),
        "array data: expected at most 67108864 bytes in memory but got 104857600");
    add(
        ".npy",
        sparse(63 << 20),
        "array data: expected 66060288 bytes of free memory but got fewer");
    add(
        ".npz",
        deflated(63 << 20),
        "array data: expected 66060288 bytes of free memory but got fewer");
    add(".npy", sparse(16 << 20), "read [16777216]");
    add(".npz", deflated(16 << 20), "read 1");
    assertOutcomes();
  }

  @Test
  void seventyThousandEntries_areRead() throws Exception {
    ZipBytes.Entry[] entries = new ZipBytes.Entry[70000];
    byte[] array = NpyBytes.file(NpyBytes.dictionary("'<f4'", "False", "()"), 4);
    Arrays.setAll(entries, i -> ZipBytes.Entry.stored("layer" + i + "/weights.npy", array));
    add(".npz", ZipBytes.of(entries).zip64().build(), "read 70000");
    assertOutcomes();
  }

  private static byte[] sparse(int bytes) {
    return NpyBytes.file(NpyBytes.dictionary("'|u1'", "False", "(" + bytes + ",)"), bytes);
  }

  private static byte[] deflated(int bytes) {
    return ZipBytes.of(ZipBytes.Entry.deflated("x.npy", sparse(bytes))).build();
  }

  private void add(String suffix, byte[] file, String outcome) throws Exception {
    files.add(Files.write(folder.resolve(files.size() + suffix), file));
    expected.add(outcome);
  }

  private void assertOutcomes() throws Exception {
    Path list = folder.resolve("list");
    Files.write(list, files.stream().map(Path::toString).toList());
    Process child = Jvm.start(List.of("-Xmx64m", "-XX:+UseG1GC"), SmallHeap.class, list.toString());
    String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, child.waitFor(), output);
    List<String[]> lines = output.lines().map(line -> line.split("\t", 2)).toList();
    assertEquals(
        String.join("\n", expected),
        lines.stream().map(line -> line[1]).collect(Collectors.joining("\n")));
    System.out.printf(
        Locale.ROOT,
        "%d files with -Xmx64m, the slowest in %d ms%n",
        files.size(),
        lines.stream().mapToLong(line -> Long.parseLong(line[0])).max().orElse(-1));
  }
}
