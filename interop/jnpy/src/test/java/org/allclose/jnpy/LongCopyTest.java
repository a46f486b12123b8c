package org.allclose.jnpy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Arrays so long that several threads copy them. */
class LongCopyTest {
  private static final int CHUNK = DataReader.CHUNK_BYTES;
  private static final int LEAST = (int) LongCopy.LEAST_BYTES;

  @TempDir Path folder;

  private static byte[] randomBytes(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  @Test
  void run_copiesEachPieceOnce() throws IOException {
    for (int bytes : new int[] {0, 8, CHUNK - 8, CHUNK, CHUNK + 8, 5 * CHUNK, 9 * CHUNK + 16}) {
      Map<Long, Integer> pieces = new ConcurrentHashMap<>();
      LongCopy.run(
          bytes,
          ByteOrder.BIG_ENDIAN,
          (from, chunk) -> {
            assertTrue(chunk.isDirect());
            assertEquals(ByteOrder.BIG_ENDIAN, chunk.order());
            assertEquals(0, chunk.position());
            assertEquals(null, pieces.put(from, chunk.limit()));
            chunk.position(chunk.limit());
          });
      assertEquals((bytes + CHUNK - 1) / CHUNK, pieces.size());
      for (int from = 0; from < bytes; from += CHUNK) {
        assertEquals(Math.min(CHUNK, bytes - from), pieces.get((long) from));
      }
    }
  }

  @Test
  void run_ofAPieceThatFails_throwsWhatItThrew() {
    for (Throwable failure :
        new Throwable[] {new IOException("a"), new IllegalStateException("b"), new Error("c")}) {
      Map<Long, Integer> pieces = new ConcurrentHashMap<>();
      Throwable thrown =
          assertThrows(
              failure.getClass(),
              () ->
                  LongCopy.run(
                      1000L * CHUNK,
                      ByteOrder.LITTLE_ENDIAN,
                      (from, chunk) -> {
                        pieces.put(from, 1);
                        if (failure instanceof IOException e) {
                          throw e;
                        } else if (failure instanceof RuntimeException e) {
                          throw e;
                        }
                        throw (Error) failure;
                      }));
      assertSame(failure, thrown);
      // Each thread fails at its first piece, and nobody takes another.
      assertTrue(pieces.size() <= 4, () -> pieces.size() + " pieces");
    }
  }

  @Test
  void longArrays_areReadAndWrittenAsShortOnes() throws IOException {
    Path file = folder.resolve("x.npy");
    Path copy = folder.resolve("y.npy");
    for (String descr : new String[] {"|u1", "<i2", ">f4", "<f8", ">c16", "<U3"}) {
      int item = DescrParser.parse(descr, "test", ReadOptions.defaults()).itemSize();
      for (int extra : new int[] {-1, 0, 1, 3 * CHUNK / item + 5}) {
        int count = (LEAST + item - 1) / item + extra;
        byte[] header =
            NpyBytes.file(NpyBytes.dictionary("'" + descr + "'", "False", "(" + count + ",)"), 0);
        byte[] data = randomBytes(count * item);
        byte[] bytes = Arrays.copyOf(header, header.length + data.length);
        System.arraycopy(data, 0, bytes, header.length, data.length);
        Files.write(file, bytes);

        NpyArray array = Npy.read(file);
        NpyArray streamed = Npy.read(new ByteArrayInputStream(bytes));
        assertArrayEquals(written(streamed), written(array));

        Npy.write(copy, array, Durability.BUFFERED);
        assertArrayEquals(written(streamed), Files.readAllBytes(copy));
        byte[] rest = Arrays.copyOfRange(bytes, header.length, bytes.length);
        byte[] written = Files.readAllBytes(copy);
        assertArrayEquals(
            rest, Arrays.copyOfRange(written, written.length - rest.length, written.length));
      }
    }
  }

  private static byte[] written(NpyArray array) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Npy.write(out, array);
    return out.toByteArray();
  }

  @Test
  void longPartsAndShortOnes_followEachOther() throws IOException {
    int[] lengths = {5, LEAST, 0, 1, LEAST + CHUNK + 1, 4096, 7, LEAST - 1, LEAST};
    int size = Arrays.stream(lengths).sum();
    byte[] values = randomBytes(size);
    Path file = folder.resolve("x.npy");
    try (NpyWriter writer =
        NpyWriter.create(file, NpyHeader.of(DType.UINT8, false, size), Durability.BUFFERED)) {
      int done = 0;
      for (int length : lengths) {
        byte[] part = Arrays.copyOfRange(values, done, done + length);
        writer.write(NpyArray.wrap(DType.UINT8, part, length));
        done += length;
      }
      writer.finish();
    }
    byte[] bytes = Files.readAllBytes(file);
    assertEquals(128 + size, bytes.length);
    assertArrayEquals(values, Arrays.copyOfRange(bytes, 128, bytes.length));
    try (NpyReader reader = Npy.reader(file)) {
      int done = 0;
      for (int length : lengths) {
        if (length > 0) {
          byte[] part = written(reader.next(length));
          assertArrayEquals(
              Arrays.copyOfRange(values, done, done + length),
              Arrays.copyOfRange(part, 128, part.length));
          done += length;
        }
      }
      assertEquals(size, done);
      assertEquals(0, reader.next(LEAST).size());
    }
  }

  @Test
  void fileThatIsShorterThanItWas_endsEarly() throws IOException {
    Path file = Files.write(folder.resolve("x.npy"), randomBytes(LEAST + 100));
    try (FileChannel channel = FileChannel.open(file)) {
      ByteSource source = Sources.file(channel, 0, LEAST + 2 * CHUNK, "x.npy");
      source.fill(ByteBuffer.allocate(10));
      NpyException e =
          assertThrows(
              NpyException.class,
              () -> DataReader.read(source, DType.UINT8, LEAST + CHUNK, Limits.defaults()));
      assertEquals(
          String.format(
              Locale.ROOT,
              "x.npy: array data ends early: expected %d bytes but got %d",
              LEAST + CHUNK,
              LEAST + 90),
          e.getMessage());
    }
  }
}
