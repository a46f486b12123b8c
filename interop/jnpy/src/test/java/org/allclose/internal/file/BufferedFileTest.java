package org.allclose.internal.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BufferedFileTest {
  private static final int BUFFER = 16;

  @TempDir Path folder;

  @Test
  void write_ofAnyLengths_keepsTheirOrder() throws IOException {
    Random random = new Random(1);
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    Path path = folder.resolve("x");
    try (FileChannel channel = create(path)) {
      BufferedFile file = new BufferedFile(TargetChannel.of(path, channel), BUFFER);
      for (int length : new int[] {0, 1, 15, 16, 1, 16, 17, 3, 13, 1, 40, 5, 11, 0, 2}) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        assertEquals(length, file.write(ByteBuffer.wrap(bytes)));
        expected.write(bytes);
        assertEquals(expected.size(), file.position());
        // No more than the buffer is late.
        assertTrue(channel.position() >= expected.size() - BUFFER);
      }
      assertTrue(channel.position() < expected.size());
      file.flush();
      assertEquals(expected.size(), channel.position());
      assertEquals(expected.size(), file.position());
    }
    assertArrayEquals(expected.toByteArray(), Files.readAllBytes(path));
  }

  @Test
  void replace_ofBytesFlushedOrPendingOrBoth_changesThemAlone() throws IOException {
    Path path = folder.resolve("x");
    for (int at = 0; at <= 27; at++) {
      byte[] expected = new byte[32];
      Files.deleteIfExists(path);
      try (FileChannel channel = create(path)) {
        BufferedFile file = new BufferedFile(TargetChannel.of(path, channel), BUFFER);
        file.write(ByteBuffer.allocate(20)); // more than the buffer takes: flushed
        file.write(ByteBuffer.allocate(10)); // pending
        ByteBuffer three = ByteBuffer.wrap(new byte[] {9, 1, 2, 3}).position(1);
        file.replace(at, three);
        file.write(ByteBuffer.wrap(new byte[] {7, 7}));
        assertEquals(32, file.position());
        file.flush();
      }
      for (int i = 0; i < 3; i++) {
        expected[at + i] = (byte) (i + 1);
      }
      expected[30] = 7;
      expected[31] = 7;
      assertArrayEquals(expected, Files.readAllBytes(path), "at " + at);
    }
  }

  @Test
  void isOpen_asTheFileIs() throws IOException {
    Path path = folder.resolve("x");
    TargetChannel channel = TargetChannel.of(path, create(path));
    BufferedFile file = new BufferedFile(channel, BUFFER);
    file.close();
    assertTrue(file.isOpen());
    channel.close();
    assertFalse(file.isOpen());
  }

  private static FileChannel create(Path path) throws IOException {
    return FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  @Test
  void replace_atAnyPlace_keepsTheOrderOfTheRest() throws IOException {
    Path file = folder.resolve("x");
    byte[] expected = randomBytes(1000);
    Random random = new Random(231);
    for (int round = 0; round < 200; round++) {
      Files.deleteIfExists(file);
      try (FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        BufferedFile out = new BufferedFile(TargetChannel.of(file, channel), 64);
        byte[] changed = expected.clone();
        for (int done = 0; done < expected.length; ) {
          int count = Math.min(expected.length - done, random.nextInt(100));
          ByteBuffer bytes = ByteBuffer.wrap(expected, done, count);
          assertEquals(count, out.write(bytes));
          assertEquals(0, bytes.remaining());
          done += count;
          assertEquals(done, out.position());
          int at = random.nextInt(done + 1);
          byte[] other = randomBytes(Math.min(done - at, random.nextInt(20)));
          System.arraycopy(other, 0, changed, at, other.length);
          out.replace(at, ByteBuffer.wrap(other));
          assertEquals(done, out.position());
        }
        out.flush();
        assertTrue(out.isOpen());
        out.close();
        assertTrue(channel.isOpen());
        assertArrayEquals(changed, Files.readAllBytes(file));
      }
    }
  }

  private static byte[] randomBytes(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }
}
