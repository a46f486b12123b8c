package org.allclose.internal.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AtomicFileTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void commit_replacesTheWholeTarget(boolean forced) throws IOException {
    Path target = folder.resolve("x");
    Files.writeString(target, "an older and longer content");
    try (AtomicFile file = forced ? AtomicFile.create(target) : AtomicFile.createUnforced(target)) {
      file.channel().write(bytes("new"));
      assertEquals("an older and longer content", Files.readString(target));
      assertEquals(2, files().size());
      file.commit();
      assertEquals("new", Files.readString(target));
    }
    assertEquals(List.of("x"), files());
  }

  @Test
  void close_withoutCommit_leavesTheTarget() throws IOException {
    Path target = folder.resolve("x");
    Files.writeString(target, "old");
    try (AtomicFile file = AtomicFile.create(target)) {
      file.channel().write(bytes("new"));
    }
    assertEquals("old", Files.readString(target));
    assertEquals(List.of("x"), files());
  }

  @Test
  void commit_twice_isRefused() throws IOException {
    Path target = folder.resolve("x");
    try (AtomicFile file = AtomicFile.create(target)) {
      file.commit();
      IllegalStateException e = assertThrows(IllegalStateException.class, file::commit);
      assertEquals(target + ": expected one commit but got a second", e.getMessage());
    }
    assertEquals("", Files.readString(target));
  }

  @Test
  void symbolicLink_isFollowed() throws IOException {
    Path real = Files.writeString(folder.resolve("real"), "old");
    Path link = folder.resolve("link");
    try {
      Files.createSymbolicLink(link, real);
    } catch (IOException | UnsupportedOperationException e) {
      assumeTrue(false, "skipped: no symbolic links here: " + e);
    }
    try (AtomicFile file = AtomicFile.create(link)) {
      file.channel().write(bytes("new"));
      file.commit();
    }
    assertTrue(Files.isSymbolicLink(link));
    assertEquals("new", Files.readString(real));
  }

  @Test
  void failedMove_leavesNothingBehind() throws IOException {
    Path target = folder.resolve("x");
    try (AtomicFile file = AtomicFile.create(target)) {
      // The target becomes a folder that is not empty meanwhile: no move can succeed.
      Files.createDirectories(target.resolve("y"));
      assertThrows(IOException.class, file::commit);
    }
    assertEquals(List.of("x"), files());
  }

  @Test
  void relativePath_isBesideItself() throws IOException {
    Path target = Path.of("atomic-file-test.tmp");
    try (AtomicFile file = AtomicFile.create(target)) {
      file.commit();
      assertTrue(Files.exists(target));
    } finally {
      Files.deleteIfExists(target);
    }
  }

  @Test
  void writeText_replacesTheWholeTarget() throws IOException {
    Path target = Files.writeString(folder.resolve("x"), "old");
    for (String text : new String[] {"", "\u00e9\n", "0123456789".repeat(100_000)}) {
      AtomicFile.writeText(target, text);
      assertEquals(text, Files.readString(target));
      assertEquals(List.of("x"), files());
    }
  }

  @Test
  void close_closesTheChannel() throws IOException {
    AtomicFile file = AtomicFile.create(folder.resolve("x"));
    file.close();
    assertFalse(file.channel().isOpen());
    AtomicFile committed = AtomicFile.create(folder.resolve("x"));
    committed.commit();
    assertFalse(committed.channel().isOpen());
    committed.close();
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }
}
