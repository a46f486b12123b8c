package org.allclose.jnpy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourcesTest {
  @TempDir Path folder;

  /** The bytes 1, 2, 3, ... */
  private static byte[] counted(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i + 1);
    }
    return bytes;
  }

  @Test
  void fill_ofABufferThatHasBytes_countsThoseRead() throws IOException {
    byte[] bytes = counted(10);
    Path path = Files.write(folder.resolve("x"), bytes);
    try (FileChannel channel = FileChannel.open(path)) {
      for (ByteSource source :
          List.of(
              Sources.stream(new ByteArrayInputStream(bytes), "x"),
              Sources.channel(Channels.newChannel(new ByteArrayInputStream(bytes)), "x"),
              Sources.file(channel, 0, 10, "x"))) {
        assertEquals("x", source.name());
        ByteBuffer target = ByteBuffer.allocate(8).put(new byte[] {-1, -2, -3});
        assertEquals(5, source.fill(target));
        assertArrayEquals(new byte[] {-1, -2, -3, 1, 2, 3, 4, 5}, target.array());
        assertEquals(5, source.fill(target.clear().position(2)), "the last five");
        assertEquals(7, target.position());
        assertEquals(0, source.fill(target));
        assertEquals(0, source.fill(target.limit(7)));
      }
    }
  }

  @Test
  void file_betweenTwoPlaces_hasThoseBytesAlone() throws IOException {
    Path path = Files.write(folder.resolve("x"), counted(20_000));
    try (FileChannel channel = FileChannel.open(path)) {
      ByteSource source = Sources.file(channel, 10, 19_990, "x");
      assertEquals(19_980, source.remaining());
      byte[] first = new byte[3];
      assertEquals(3, source.fill(ByteBuffer.wrap(first)));
      assertArrayEquals(new byte[] {11, 12, 13}, first);
      assertEquals(19_977, source.remaining());

      FileRegion region = source.take(5).orElseThrow();
      assertEquals(new FileRegion(channel, 13), region);
      assertEquals(19_972, source.remaining());
      ByteBuffer middle = ByteBuffer.allocate(4).position(1);
      assertEquals(3, region.fill(2, middle));
      assertArrayEquals(new byte[] {0, 16, 17, 18}, middle.array());
      assertEquals(2, region.fill(19_985, ByteBuffer.allocate(9)), "up to the end of the file");

      byte[] rest = new byte[20_000];
      assertEquals(19_972, source.fill(ByteBuffer.wrap(rest)));
      assertEquals(counted(20_000)[18], rest[0]);
      assertEquals(counted(20_000)[19_989], rest[19_971]);
      assertEquals(0, source.remaining());
      assertEquals(-1, source.read(ByteBuffer.wrap(rest)));
      assertEquals(0, channel.position());
    }
  }

  @Test
  void file_thatIsClosed_isToldEvenIfBytesWereReadAhead() throws IOException {
    FileChannel channel = FileChannel.open(Files.write(folder.resolve("x"), counted(10)));
    ByteSource source = Sources.file(channel, 0, 10, "x");
    source.fill(ByteBuffer.allocate(1));
    channel.close();
    assertThrows(ClosedChannelException.class, () -> source.fill(ByteBuffer.allocate(1)));
  }

  @Test
  void file_thatIsShorterThanSaid_ends() throws IOException {
    try (FileChannel channel = FileChannel.open(Files.write(folder.resolve("x"), counted(10)))) {
      ByteSource source = Sources.file(channel, 0, 30, "x");
      assertEquals(10, source.fill(ByteBuffer.allocate(30)));
      assertEquals(-1, source.read(ByteBuffer.allocate(1)));
    }
  }

  @Test
  void chunk_isDirectWhereTheJdkWouldCopyElse() throws IOException {
    try (FileChannel channel = FileChannel.open(Files.write(folder.resolve("x"), counted(10)))) {
      for (ByteSource source :
          List.of(Sources.channel(channel, "x"), Sources.file(channel, 0, 10, "x"))) {
        assertFalse(source.chunk(64 << 10).isDirect());
        assertTrue(source.chunk((64 << 10) + 1).isDirect());
        assertEquals((64 << 10) + 1, source.chunk((64 << 10) + 1).remaining());
      }
    }
    assertTrue(
        Sources.stream(new ByteArrayInputStream(new byte[0]), "x").chunk(1 << 20).hasArray());
  }
}
