package org.allclose.jnpy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Arrays from and to streams, part by part, and from sources that deliver as they like. */
class StreamingTest {
  @TempDir Path folder;

  private static byte[] file(NpyArray... arrays) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (NpyArray array : arrays) {
      Npy.write(out, array);
    }
    return out.toByteArray();
  }

  private static NpyArray counted(int size) {
    long[] values = new long[size];
    Arrays.setAll(values, i -> i);
    return NpyArray.wrap(DType.INT64, values, size);
  }

  @Test
  void repeatedReads_giveArrayAfterArray() throws IOException {
    byte[] file = file(counted(3), NpyArray.of(new String[] {"x"}), counted(100_000), counted(0));
    InputStream in = new ByteArrayInputStream(file);
    ReadableByteChannel channel = Channels.newChannel(new ByteArrayInputStream(file));
    for (String expected :
        new String[] {"<i8 (3,) C", "<U1 () C", "<i8 (100000,) C", "<i8 (0,) C"}) {
      assertEquals(expected, Npy.read(in).toString());
      assertEquals(expected, Npy.read(channel, ReadOptions.defaults()).toString());
    }
    assertEquals(0, in.available());
    assertThrows(NpyException.class, () -> Npy.read(in));
  }

  @Test
  void bytesBehindTheData_areIgnoredInAFile() throws IOException {
    byte[] file = Arrays.copyOf(file(counted(3)), 1000);
    Path path = Files.write(folder.resolve("x.npy"), file);
    assertArrayEquals(new long[] {0, 1, 2}, Npy.read(path).toLongs());
    try (NpyFile open = Npy.open(path)) {
      assertArrayEquals(new long[] {0, 1, 2}, open.array().toLongs());
    }
  }

  @Test
  void shortReads_giveTheSame() throws IOException {
    Random random = new Random(231);
    byte[] file = file(counted(70_000));
    for (int i = 0; i < 20; i++) {
      InputStream in =
          new ByteArrayInputStream(file) {
            @Override
            public synchronized int read(byte[] target, int offset, int length) {
              return super.read(target, offset, Math.min(length, 1 + random.nextInt(5000)));
            }
          };
      assertArrayEquals(counted(70_000).toLongs(), Npy.read(in).toLongs());
      in.reset();
      ReadableByteChannel channel =
          new ReadableByteChannel() {
            @Override
            public int read(ByteBuffer target) {
              int most = Math.min(target.remaining(), 1 + random.nextInt(5000));
              byte[] bytes = new byte[most];
              int got = ((ByteArrayInputStream) in).read(bytes, 0, most);
              target.put(bytes, 0, Math.max(got, 0));
              return got;
            }

            @Override
            public boolean isOpen() {
              return true;
            }

            @Override
            public void close() {}
          };
      assertArrayEquals(counted(70_000).toLongs(), Npy.read(channel).toLongs());
    }
  }

  @Test
  void everyTruncation_isTold() throws IOException {
    byte[] file = file(NpyArray.of(new double[] {1, 2, 3}, 3));
    Path path = folder.resolve("x.npy");
    for (int length = 0; length < file.length; length++) {
      byte[] cut = Arrays.copyOf(file, length);
      String message = truncation(length);
      NpyException stream =
          assertThrows(NpyException.class, () -> Npy.read(new ByteArrayInputStream(cut)));
      assertEquals("stream: " + message, stream.getMessage());
      assertEquals(NpyException.Reason.TRUNCATED, stream.reason());
      Files.write(path, cut);
      NpyException read = assertThrows(NpyException.class, () -> Npy.read(path));
      assertEquals(path + ": " + message, read.getMessage());
      NpyException open = assertThrows(NpyException.class, () -> Npy.open(path));
      assertEquals(path + ": " + message, open.getMessage());
    }
  }

  private static String truncation(int length) {
    String ends = " ends early: expected ";
    if (length == 0) {
      return "expected a .npy file but got an empty file";
    }
    if (length < 8) {
      return "magic and version" + ends + "8 bytes but got " + length;
    }
    if (length < 10) {
      return "header length" + ends + "2 bytes but got " + (length - 8);
    }
    if (length < 128) {
      return "header" + ends + "118 bytes but got " + (length - 10);
    }
    return "array data" + ends + "24 bytes but got " + (length - 128);
  }

  @Test
  void longTruncations_areTold() throws IOException {
    byte[] file = file(counted(100_000));
    for (int length : new int[] {128 + 262_144, 128 + 262_145, 128 + 799_999, 500_000}) {
      NpyException e =
          assertThrows(
              NpyException.class,
              () -> Npy.read(new ByteArrayInputStream(Arrays.copyOf(file, length))));
      assertEquals(
          "stream: array data ends early: expected 800000 bytes but got " + (length - 128),
          e.getMessage());
    }
  }

  @Test
  void longStreams_growAsTheyArrive() throws IOException {
    // More than the 2^20 units that are allocated at a time.
    byte[] bytes = new byte[(1 << 21) + 12345];
    new Random(231).nextBytes(bytes);
    byte[] file = file(NpyArray.wrap(DType.UINT8, bytes, bytes.length));
    NpyArray array = Npy.read(new ByteArrayInputStream(file));
    byte[] back = file(array);
    assertArrayEquals(file, back);
    assertThrows(IllegalStateException.class, array::asReadOnlyBuffer);
    NpyArray copy = array.copy();
    assertArrayEquals(file, file(copy));
    assertEquals(ByteBuffer.wrap(bytes), copy.asReadOnlyBuffer());
  }

  @Test
  void sourceThatDeliversNothing_isRefused() {
    ReadableByteChannel stuck =
        new ReadableByteChannel() {
          @Override
          public int read(ByteBuffer target) {
            return 0;
          }

          @Override
          public boolean isOpen() {
            return true;
          }

          @Override
          public void close() {}
        };
    IOException e = assertThrows(IOException.class, () -> Npy.read(stuck));
    assertEquals("stream: expected a source that waits for bytes but got none", e.getMessage());
  }

  @Test
  void reader_givesParts() throws IOException {
    Path path = folder.resolve("x.npy");
    Npy.write(path, counted(5));
    try (NpyReader reader = Npy.reader(path)) {
      assertEquals("<i8 (5,) C", reader.header().toString());
      assertEquals(0, reader.position());
      assertArrayEquals(new long[] {0, 1}, reader.next(2).toLongs());
      assertEquals(2, reader.position());
      assertArrayEquals(new long[] {2, 3, 4}, reader.next(100).toLongs());
      assertEquals(5, reader.position());
      assertEquals("<i8 (0,) C", reader.next(1).toString());
      IllegalArgumentException e =
          assertThrows(IllegalArgumentException.class, () -> reader.next(0));
      assertEquals(path + ": expected to read at least 1 element but got 0", e.getMessage());
    }
    InputStream in = new ByteArrayInputStream(file(counted(5), counted(1)));
    try (NpyReader reader = Npy.reader(in, ReadOptions.defaults())) {
      assertEquals(5, reader.next(5).size());
    }
    assertEquals("<i8 (1,) C", Npy.read(in).toString());
  }

  @Test
  void reader_closesItsFile() throws IOException {
    Path path = folder.resolve("x.npy");
    Npy.write(path, counted(5));
    NpyReader reader = Npy.reader(path);
    reader.close();
    assertThrows(java.nio.channels.ClosedChannelException.class, () -> reader.next(1));
  }

  @Test
  void writer_takesParts() throws IOException {
    Path path = folder.resolve("x.npy");
    NpyHeader header = NpyHeader.of(DType.INT64, false, 5);
    try (NpyWriter writer = NpyWriter.create(path, header)) {
      writer.write(counted(2));
      assertEquals(2, writer.position());
      IllegalArgumentException more =
          assertThrows(IllegalArgumentException.class, () -> writer.write(counted(4)));
      assertEquals("npy: expected at most 3 more elements but got 4", more.getMessage());
      IllegalArgumentException type =
          assertThrows(
              IllegalArgumentException.class, () -> writer.write(NpyArray.of(new double[1])));
      assertEquals("npy: expected a part of dtype <i8 but got <f8", type.getMessage());
      IllegalStateException early = assertThrows(IllegalStateException.class, writer::finish);
      assertEquals(
          "npy: expected to finish once, after 5 elements, but got the call after 2",
          early.getMessage());
      writer.write(counted(3));
      assertFalse(Files.exists(path));
      writer.finish();
      IllegalStateException twice = assertThrows(IllegalStateException.class, writer::finish);
      assertEquals(
          "npy: expected to finish once, after 5 elements, but got another call after 5",
          twice.getMessage());
    }
    assertArrayEquals(new long[] {0, 1, 0, 1, 2}, Npy.read(path).toLongs());
  }

  @Test
  void writer_convertsTheByteOrder() throws IOException {
    Path path = folder.resolve("x.npy");
    DType big = DType.INT64.withByteOrder(java.nio.ByteOrder.BIG_ENDIAN);
    try (NpyWriter writer =
        NpyWriter.create(path, NpyHeader.of(big, false, 2), Durability.BUFFERED)) {
      writer.write(counted(2));
      writer.finish();
    }
    assertEquals(">i8 (2,) C", Npy.read(path).toString());
    assertArrayEquals(new long[] {0, 1}, Npy.read(path).toLongs());
  }

  @Test
  void unfinishedWriter_leavesTheTarget() throws IOException {
    Path path = folder.resolve("x.npy");
    Npy.write(path, counted(1));
    try (NpyWriter writer = NpyWriter.create(path, NpyHeader.of(DType.INT64, false, 2))) {
      writer.write(counted(2));
    }
    assertArrayEquals(new long[] {0}, Npy.read(path).toLongs());
    try (var files = Files.list(folder)) {
      assertEquals(1, files.count());
    }
  }

  @Test
  void largeArrays_inFortranOrder_areWrittenInCOrder() throws IOException {
    // Larger than what is brought into order at a time, with rows shorter and longer than that.
    for (int[] shape : new int[][] {{3000, 1000}, {2, 1_500_000}, {1_500_000, 2}}) {
      long size = (long) shape[0] * shape[1];
      int[] values = new int[(int) size];
      Arrays.setAll(values, i -> i);
      NpyHeader header = NpyHeader.of(DType.INT32, true, shape[0], shape[1]);
      Storage storage = Storage.wrap(Primitive.INT, values);
      NpyArray canonical = NpyArray.of(header, storage, "test").canonical();
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      Npy.write(out, canonical);
      int[] written = Npy.read(new ByteArrayInputStream(out.toByteArray())).toInts();
      for (int row = 0; row < shape[0]; row += 1 + shape[0] / 100) {
        for (int column = 0; column < shape[1]; column += 1 + shape[1] / 100) {
          assertEquals(row + column * shape[0], written[row * shape[1] + column]);
        }
      }
    }
  }
}
