package org.allclose.jnpy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.DoubleBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpyFileTest {
  @TempDir Path folder;

  private Path counted(int rows, int columns) throws IOException {
    double[] values = new double[rows * columns];
    Arrays.setAll(values, i -> i);
    Path file = folder.resolve("counted.npy");
    Npy.write(file, NpyArray.wrap(DType.FLOAT64, values, rows, columns), Durability.BUFFERED);
    return file;
  }

  @Test
  void open_mapsTheArray() throws IOException {
    Path path = counted(3, 2);
    try (NpyFile file = Npy.open(path)) {
      assertEquals("<f8 (3, 2) C", file.header().toString());
      assertEquals(path + " <f8 (3, 2) C", file.toString());
      assertEquals(path.toString(), file.array().source());
      assertArrayEquals(new double[] {0, 1, 2, 3, 4, 5}, file.array().toDoubles());
    }
  }

  @Test
  void close_endsTheArray() throws IOException {
    Path path = counted(3, 2);
    NpyFile file = Npy.open(path);
    NpyArray array = file.array();
    NpyArray copy = array.copy();
    file.close();
    file.close();
    IllegalStateException e = assertThrows(IllegalStateException.class, array::toDoubles);
    assertEquals(path + ": expected an open file but got a closed one", e.getMessage());
    assertThrows(IllegalStateException.class, array::asReadOnlyBuffer);
    assertThrows(IllegalStateException.class, () -> array.rows(0, 1).toFloatsRounded());
    assertArrayEquals(new double[] {0, 1, 2, 3, 4, 5}, copy.toDoubles());
    // Nothing holds the file: it could be deleted on every system.
    Files.delete(path);
  }

  @Test
  void bufferHandedOut_neverEndsTheProcess() throws IOException {
    NpyFile file = Npy.open(counted(3, 2));
    DoubleBuffer buffer = (DoubleBuffer) file.array().asReadOnlyBuffer();
    assertEquals(5, buffer.get(5));
    file.close();
    assertThrows(IllegalStateException.class, file.array()::toDoubles);
    if (ArenaMap.ofThisJvm().isPresent()) {
      assertThrows(IllegalStateException.class, () -> buffer.get(5));
    } else {
      assertEquals(5, buffer.get(5));
    }
  }

  @Test
  void readRange_readsRows() throws IOException {
    Path path = counted(4, 2);
    NpyArray rows = Npy.readRange(path, 1, 3);
    assertEquals("<f8 (2, 2) C", rows.toString());
    assertArrayEquals(new double[] {2, 3, 4, 5}, rows.toDoubles());
    try (NpyFile file = Npy.open(path)) {
      assertArrayEquals(new double[] {6, 7}, file.readRange(3, 4).toDoubles());
      IndexOutOfBoundsException e =
          assertThrows(IndexOutOfBoundsException.class, () -> file.readRange(3, 5));
      assertEquals(
          path + ": expected rows within 0 to 4 of shape (4, 2) but got 3 to 5", e.getMessage());
    }
  }

  @Test
  void readRange_beyondTheLimit_isRefused() throws IOException {
    Path path = counted(4, 2);
    ReadOptions options = ReadOptions.defaults().withLimits(Limits.defaults().withArrayBytes(32));
    assertArrayEquals(new double[] {0, 1, 2, 3}, Npy.readRange(path, 0, 2, options).toDoubles());
    NpyException e = assertThrows(NpyException.class, () -> Npy.readRange(path, 0, 3, options));
    assertEquals(
        path + ": array data: expected at most 32 bytes in memory but got 48", e.getMessage());
    assertEquals(NpyException.Reason.LIMIT, e.reason());
    // Mapping needs no memory, so the limit does not hold there.
    try (NpyFile file = Npy.open(path, options)) {
      assertEquals(8, file.array().toDoubles().length);
    }
  }

  @Test
  void open_ofNoData_mapsNothing() throws IOException {
    try (NpyFile file = Npy.open(counted(0, 3))) {
      assertArrayEquals(new double[0], file.array().toDoubles());
      assertEquals(0, ((DoubleBuffer) file.array().asReadOnlyBuffer()).remaining());
      assertEquals("<f8 (0, 3) C", file.readRange(0, 0).toString());
    }
  }

  @Test
  void missingFile_isWhatTheJdkSays() {
    Path none = folder.resolve("none.npy");
    assertThrows(NoSuchFileException.class, () -> Npy.open(none));
    assertThrows(NoSuchFileException.class, () -> Npy.read(none));
    assertThrows(NoSuchFileException.class, () -> Npy.reader(none));
    assertThrows(NoSuchFileException.class, () -> NpzFile.open(none));
  }

  @Test
  void segments_areJoined() throws IOException {
    Path path = counted(100, 7);
    double[] expected = Npy.read(path).toDoubles();
    try (FileChannel channel = FileChannel.open(path)) {
      NpyHeader header = Npy.header(path);
      for (int shift = 3; shift < 14; shift++) {
        MemoryMap map = MemoryMap.create();
        Lifetime lifetime = new Lifetime("test", map);
        Storage storage =
            map.map(channel, header.length(), header.dtype(), header.dataBytes(), lifetime, shift);
        assertArrayEquals(expected, NpyArray.of(header, storage, "test").toDoubles());
        lifetime.end();
      }
    }
  }

  @Test
  void unmapping_happensOnce_unlessABufferIsOut() {
    for (boolean safe : new boolean[] {false, true}) {
      AtomicInteger unmapped = new AtomicInteger();
      Lifetime lifetime = new Lifetime("test", new CountingMap(unmapped, safe));
      lifetime.run(() -> assertEquals(0, unmapped.get()));
      lifetime.end();
      lifetime.end();
      assertEquals(1, unmapped.get());
      assertThrows(IllegalStateException.class, () -> lifetime.run(() -> {}));
      assertThrows(IllegalStateException.class, lifetime::handOut);
      Lifetime handedOut = new Lifetime("test", new CountingMap(unmapped, safe));
      handedOut.handOut();
      handedOut.end();
      assertEquals(safe ? 2 : 1, unmapped.get());
    }
  }

  private static final class CountingMap extends MemoryMap {
    private final AtomicInteger unmapped;
    private final boolean safe;

    CountingMap(AtomicInteger unmapped, boolean safe) {
      this.unmapped = unmapped;
      this.safe = safe;
    }

    @Override
    java.nio.ByteBuffer mapSegment(FileChannel channel, long from, long bytes) {
      throw new AssertionError();
    }

    @Override
    void unmap() {
      unmapped.incrementAndGet();
    }

    @Override
    boolean isSafe() {
      return safe;
    }
  }

  @Test
  void everyKindOfMap_thatThisJvmHas_works() throws IOException {
    Path path = counted(10, 10);
    NpyHeader header = Npy.header(path);
    MemoryMap[] maps = {
      ArenaMap.ofThisJvm().orElseGet(MemoryMap.CollectedMap::new),
      UnsafeMap.ofThisJvm().orElseGet(MemoryMap.CollectedMap::new),
      new MemoryMap.CollectedMap()
    };
    for (MemoryMap map : maps) {
      try (FileChannel channel = FileChannel.open(path)) {
        Lifetime lifetime = new Lifetime("test", map);
        Storage storage =
            map.map(channel, header.length(), header.dtype(), header.dataBytes(), lifetime);
        double[] last = new double[1];
        storage.get(99, last, 0, 1);
        assertEquals(99, last[0]);
        lifetime.end();
        assertThrows(IllegalStateException.class, () -> storage.get(99, last, 0, 1));
      }
    }
    assertFalse(UnsafeMap.ofThisJvm().map(MemoryMap::isSafe).orElse(false));
    assertTrue(ArenaMap.ofThisJvm().map(MemoryMap::isSafe).orElse(true));
    assertTrue(new MemoryMap.CollectedMap().isSafe());
    assertEquals(Runtime.version().feature() >= 22, ArenaMap.ofThisJvm().isPresent());
  }

  @Test
  void unmap_givesTheMemoryBack() throws IOException {
    Path path = counted(1000, 10);
    for (int i = 0; i < 2_000; i++) {
      Npy.open(path).close();
    }
    assertFalse(mappings(path) > 10, () -> mappings(path) + " mappings are left");
  }

  /** Returns how many mappings of the file this process has, 0 where that is not told. */
  private static long mappings(Path path) {
    Path maps = Path.of("/proc/self/maps");
    try {
      return Files.exists(maps)
          ? Files.readAllLines(maps).stream().filter(line -> line.endsWith(path.toString())).count()
          : 0;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
