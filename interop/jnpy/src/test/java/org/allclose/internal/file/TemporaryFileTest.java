package org.allclose.internal.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.allclose.jnpy.Jvm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What lies beside a target while it is written, and afterwards. */
class TemporaryFileTest {
  @TempDir Path folder;

  /** Holds a file open until its input ends, in two ways at once. */
  static final class Holder {
    private Holder() {}

    public static void main(String[] arguments) throws IOException {
      Path target = Path.of(arguments[0]);
      try (AtomicFile file = AtomicFile.create(target);
          AtomicFile second = AtomicFile.create(target)) {
        file.channel().write(ByteBuffer.wrap(new byte[] {'h'}));
        System.out.println(second.isDirect());
        System.in.read();
        file.commit();
      }
      System.out.println("done");
    }
  }

  @Test
  void filesOfDeadWriters_areRemoved() throws IOException {
    Path target = folder.resolve("x");
    for (String name : List.of(".x.tmp", ".x.1.tmp", ".x.2.tmp", ".y.tmp", "x.tmp")) {
      Files.writeString(folder.resolve(name), "litter");
    }
    AtomicFile.writeText(target, "new");
    assertEquals(List.of(".y.tmp", "x", "x.tmp"), files());
  }

  @Test
  void whatIsNoFile_isLeft() throws IOException {
    Path target = folder.resolve("x");
    Files.createDirectory(folder.resolve(".x.tmp"));
    Path other = Files.writeString(folder.resolve("other"), "precious");
    Files.createSymbolicLink(folder.resolve(".x.1.tmp"), other);
    AtomicFile.writeText(target, "new");
    assertEquals("precious", Files.readString(other));
    assertEquals(List.of(".x.1.tmp", ".x.tmp", "other", "x"), files());
  }

  @Test
  void writersOfOneProcess_doNotMeet() throws IOException {
    Path target = folder.resolve("x");
    try (AtomicFile first = AtomicFile.create(target);
        AtomicFile second = AtomicFile.create(target)) {
      first.channel().write(ByteBuffer.wrap(new byte[] {'1'}));
      second.channel().write(ByteBuffer.wrap(new byte[] {'2'}));
      assertEquals(List.of(".x.1.tmp", ".x.tmp"), files());
      second.commit();
      assertEquals("2", Files.readString(target));
      AtomicFile.writeText(target, "3");
      first.commit();
    }
    assertEquals("1", Files.readString(target));
    assertEquals(List.of("x"), files());
  }

  @Test
  void writersOfOtherProcesses_areLeft_whileTheyLive() throws Exception {
    Path target = folder.resolve("x");
    for (boolean killed : new boolean[] {false, true}) {
      Process holder = Jvm.start(List.of(), Holder.class, target.toString());
      try (BufferedReader out =
          new BufferedReader(
              new InputStreamReader(holder.getInputStream(), StandardCharsets.UTF_8))) {
        assertEquals("false", out.readLine());
        AtomicFile.writeText(target, "ours");
        assertEquals(List.of(".x.1.tmp", ".x.tmp", "x"), files());
        if (killed) {
          holder.toHandle().destroyForcibly();
          holder.waitFor();
          AtomicFile.writeText(target, "ours");
          assertEquals("ours", Files.readString(target));
        } else {
          holder.getOutputStream().close();
          assertEquals("done", out.readLine());
          holder.waitFor();
          assertEquals("h", Files.readString(target));
        }
        assertEquals(List.of("x"), files());
      }
    }
  }

  @Test
  void longNames_haveOneToo() throws IOException {
    String smiles = "\ud83d\ude00".repeat(60); // 240 bytes
    for (String name : List.of("n".repeat(255), smiles, smiles + "a")) {
      AtomicFile.writeText(folder.resolve(name), "new");
      assertEquals(List.of(name), files());
      Files.delete(folder.resolve(name));
    }
    String tooLong = "n".repeat(256);
    IOException e =
        assertThrows(IOException.class, () -> AtomicFile.writeText(folder.resolve(tooLong), "new"));
    assertEquals(
        folder.resolve(tooLong) + ": cannot be written: file name too long", e.getMessage());
    assertEquals(List.of(), files());
  }

  @Test
  void fileThatIsNeverWritten_isClosed() throws IOException {
    Path open = Path.of("/proc/self/fd");
    assumeTrue(Files.exists(open), "skipped: no /proc here");
    AtomicFile.create(folder.resolve("x")).close();
    try (Stream<Path> files = Files.list(open)) {
      assertEquals(List.of(), files.filter(this::isOurs).toList());
    }
    assertEquals(List.of(), files());
  }

  private boolean isOurs(Path file) {
    try {
      return Files.readSymbolicLink(file).startsWith(folder);
    } catch (IOException e) {
      return false; // closed since it was listed
    }
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
