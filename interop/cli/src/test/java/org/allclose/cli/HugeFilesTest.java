package org.allclose.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.allclose.jnpy.DType;
import org.allclose.jnpy.Jvm;
import org.allclose.jnpy.Npy;
import org.allclose.jnpy.NpyArray;
import org.allclose.jnpy.NpyFile;
import org.allclose.jnpy.NpyHeader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of more than 4 GiB, in JVMs with a heap of 128 MB; nearly all of them is a hole. */
@Tag("slow")
class HugeFilesTest {
  /** 16 columns of 8 bytes: rows of 128 bytes, 4 GiB and 9 rows. */
  private static final long ROWS = (1L << 25) + 9;

  private static final int COLUMNS = 16;

  /** The slice: with more bytes than the heap, and all of it behind 2 GiB. */
  private static final long SLICE_ROWS = 1_200_000;

  @TempDir Path folder;

  /** Reads rows FROM to TO of FILE and prints their elements. */
  static final class RangeReader {
    private RangeReader() {}

    public static void main(String[] arguments) throws IOException {
      long from = Long.parseLong(arguments[1]);
      long to = Long.parseLong(arguments[2]);
      NpyArray rows = Npy.readRange(Path.of(arguments[0]), from, to);
      System.out.println(rows + " " + Arrays.toString(rows.toDoubles()));
    }
  }

  @BeforeEach
  void holesTakeNoSpace() throws IOException {
    long before = Files.getFileStore(folder).getUsableSpace();
    assumeTrue(before > 1 << 30, "skipped: less than 1 GiB of disk is free");
    Path probe = folder.resolve("probe");
    try (FileChannel channel = create(probe)) {
      channel.write(ByteBuffer.allocate(1), 256 << 20);
      channel.force(true);
      long taken = before - Files.getFileStore(folder).getUsableSpace();
      assumeTrue(taken < 128 << 20, "skipped: this file system fills holes");
    }
    Files.delete(probe);
  }

  private static FileChannel create(Path file) throws IOException {
    return FileChannel.open(
        file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SPARSE);
  }

  /**
   * Writes a file of zeros, but for 1.5, -4 in the first row, 7 behind 2 GiB, -3 in the last
   * element.
   */
  private Path huge(boolean fortran) throws IOException {
    Path file = folder.resolve("huge.npy");
    NpyHeader header = NpyHeader.of(DType.FLOAT64, fortran, ROWS, COLUMNS);
    try (FileChannel channel = create(file)) {
      channel.write(ByteBuffer.wrap(header.toBytes()), 0);
      put(channel, header, 0, 0, 1.5);
      put(channel, header, 0, 1, -4);
      put(channel, header, ROWS - SLICE_ROWS + 1, 2, 7);
      put(channel, header, ROWS - 1, COLUMNS - 1, -3);
    }
    assertTrue(Files.size(file) > 1L << 32);
    return file;
  }

  private static void put(FileChannel channel, NpyHeader header, long row, int column, double value)
      throws IOException {
    long index = header.fortranOrder() ? row + column * ROWS : row * COLUMNS + column;
    ByteBuffer bytes = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putDouble(0, value);
    channel.write(bytes, header.length() + 8 * index);
  }

  private static String run(Class<?> main, Object... arguments) throws Exception {
    Process child =
        Jvm.start(
            List.of("-Xmx128m"),
            main,
            Arrays.stream(arguments).map(Object::toString).toArray(String[]::new));
    String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, child.waitFor(), output);
    return output;
  }

  @Test
  void show_readsItAll() throws Exception {
    Path file = huge(false);
    String output = run(Allclose.class, "show", "--json", file);
    JsonObject shown = JsonParser.parseString(output).getAsJsonArray().get(0).getAsJsonObject();
    assertEquals("float64", shown.get("dtype").getAsString());
    assertEquals("(33554441, 16)", shown.get("shape").getAsString());
    assertEquals("-4.0", shown.get("min").getAsString());
    assertEquals("7.0", shown.get("max").getAsString());
    assertEquals("[1.5, -4.0, 0.0, 0.0, ...]", shown.get("first").getAsString());
  }

  @Test
  void readRange_readsRowsBehindFourGigabytes() throws Exception {
    for (boolean fortran : new boolean[] {false, true}) {
      Path file = huge(fortran);
      double[] expected = new double[2 * COLUMNS];
      expected[2 * COLUMNS - 1] = -3;
      assertEquals(
          "<f8 (2, 16) C " + Arrays.toString(expected),
          run(RangeReader.class, file, ROWS - 2, ROWS).strip());
      Files.delete(file);
    }
  }

  @Test
  void convert_ofRows_writesThemAlone() throws Exception {
    for (boolean fortran : new boolean[] {false, true}) {
      Path file = huge(fortran);
      Path slice = folder.resolve("slice.npy");
      long from = ROWS - SLICE_ROWS;
      assertEquals("", run(Allclose.class, "convert", file, slice, "--rows", from + ":" + ROWS));
      try (NpyFile mapped = Npy.open(slice)) {
        assertEquals("<f8 (1200000, 16) C", mapped.header().toString());
        NpyArray rows = mapped.array();
        double[] expected = new double[COLUMNS];
        expected[2] = 7;
        assertArrayEquals(expected, rows.rows(1, 2).toDoubles());
        expected = new double[COLUMNS];
        expected[COLUMNS - 1] = -3;
        assertArrayEquals(expected, rows.rows(SLICE_ROWS - 1, SLICE_ROWS).toDoubles());
      }
      Files.delete(file);
    }
  }
}
