package org.allclose.jnpy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.UniqueElements;

/** What holds for every array: any type, byte order, order, shape and bits. */
class ArrayPropertiesTest {
  private static final String SEED = "231";

  @Provide
  Arbitrary<DType> dtypes() {
    Arbitrary<DType> numbers =
        Arbitraries.of(ElementType.values())
            .filter(type -> !type.isString() && type != ElementType.BFLOAT16)
            .map(DType::of);
    Arbitrary<DType> bytes = Arbitraries.integers().between(1, 100).map(DType::bytes);
    Arbitrary<DType> texts = Arbitraries.integers().between(1, 30).map(DType::text);
    Arbitrary<ByteOrder> orders = Arbitraries.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN);
    return Combinators.combine(
            Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(8, numbers),
                net.jqwik.api.Tuple.of(1, bytes),
                net.jqwik.api.Tuple.of(1, texts)),
            orders)
        .as(DType::withByteOrder);
  }

  @Provide
  Arbitrary<long[]> shapes() {
    Arbitrary<List<Integer>> small = Arbitraries.integers().between(0, 6).list().ofMaxSize(5);
    Arbitrary<List<Integer>> long2 = Arbitraries.integers().between(1, 90).list().ofSize(2);
    return Arbitraries.oneOf(small, long2)
        .map(axes -> axes.stream().mapToLong(Integer::longValue).toArray());
  }

  @Provide
  Arbitrary<NpyArray> arrays() {
    return Combinators.combine(
            dtypes(),
            shapes(),
            Arbitraries.of(true, false),
            Arbitraries.longs(),
            Arbitraries.integers().between(2, 31))
        .as(ArrayPropertiesTest::array);
  }

  /** Returns an array of random bits, in segments. */
  private static NpyArray array(
      DType dtype, long[] shape, boolean fortran, long seed, int segmentShift) {
    NpyHeader header =
        NpyHeader.of(dtype, fortran && !ElementOrder.isContiguousBothWays(shape), shape);
    byte[] bytes = new byte[(int) header.dataBytes()];
    new Random(seed).nextBytes(bytes);
    Primitive unit = dtype.unit();
    int units = bytes.length / unit.bytes();
    // A thousand segments are as good as a million.
    int shift = Math.max(segmentShift, 22 - Integer.numberOfLeadingZeros(units));
    StorageBuilder storage = StorageBuilder.growing(unit, units, shift);
    storage.append(unit.view(ByteBuffer.wrap(bytes)), units);
    return NpyArray.of(header, storage.build(), "array");
  }

  /** Returns the elements in the order of the storage, bit for bit. */
  private static byte[] bits(NpyArray array) {
    NpyArray stored = array.inStoredOrder();
    int units = (int) stored.size() * stored.dtype().unitsPerItem();
    ByteBuffer bits = ByteBuffer.allocate(units * stored.dtype().unit().bytes());
    stored.layout().storage().encode(stored.layout().firstUnit(), bits, units);
    return bits.array();
  }

  private static byte[] write(NpyArray array) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Npy.write(out, array);
    return out.toByteArray();
  }

  @Property(tries = 400, seed = SEED)
  void writeThenRead_isIdentity(@ForAll("arrays") NpyArray array) throws IOException {
    NpyArray back = Npy.read(new ByteArrayInputStream(write(array)));
    assertEquals(array.toString(), back.toString());
    assertArrayEquals(bits(array), bits(back));
  }

  @Property(tries = 200, seed = SEED)
  void canonicalThenRead_isTheCopy(@ForAll("arrays") NpyArray array) throws IOException {
    NpyArray back = Npy.read(new ByteArrayInputStream(write(array.canonical())));
    NpyArray copy = array.copy();
    assertArrayEquals(bits(copy), bits(back));
    assertArrayEquals(array.shape(), back.shape());
    assertEquals(array.dtype().withByteOrder(ByteOrder.LITTLE_ENDIAN), back.dtype());
  }

  @Property(tries = 200, seed = SEED)
  void partsThenWhole_isIdentity(
      @ForAll("arrays") NpyArray array, @ForAll @IntRange(min = 1, max = 5000) int most)
      throws IOException {
    byte[] file = write(array);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (NpyReader reader = Npy.reader(new ByteArrayInputStream(file), ReadOptions.defaults());
        NpyWriter writer =
            new NpyWriter(
                java.nio.channels.Channels.newChannel(out), reader.header(), new NoTarget())) {
      for (NpyArray part = reader.next(most); part.size() > 0; part = reader.next(most)) {
        writer.write(part);
      }
      writer.finish();
    }
    assertArrayEquals(file, out.toByteArray());
  }

  private static final class NoTarget implements NpyWriter.Target {
    @Override
    public void finish() {}

    @Override
    public void close() {}
  }

  @Property(tries = 200, seed = SEED)
  void rowsOfACopy_areRows(@ForAll("arrays") NpyArray array, @ForAll Random random) {
    if (array.rank() == 0) {
      return;
    }
    int rows = (int) array.shape()[0];
    int from = random.nextInt(rows + 1);
    int to = from + random.nextInt(rows - from + 1);
    assertArrayEquals(bits(array.copy().rows(from, to).copy()), bits(array.rows(from, to).copy()));
  }

  @Property(tries = 60, seed = SEED)
  void npzThenRead_isIdentity(
      @ForAll("names") @UniqueElements List<String> names,
      @ForAll("arrays") NpyArray first,
      @ForAll("arrays") NpyArray second,
      @ForAll boolean deflated)
      throws IOException {
    Map<String, NpyArray> arrays = new LinkedHashMap<>();
    for (String name : names) {
      arrays.put(name, arrays.size() % 2 == 0 ? first : second);
    }
    Path file = Files.createTempFile("jnpy", ".npz");
    try {
      if (deflated) {
        Npz.writeDeflated(file, arrays, Durability.BUFFERED);
      } else {
        Npz.write(file, arrays, Durability.BUFFERED);
      }
      Map<String, NpyArray> back = Npz.read(file);
      assertEquals(new ArrayList<>(arrays.keySet()), new ArrayList<>(back.keySet()));
      for (String name : names) {
        assertEquals(arrays.get(name).toString(), back.get(name).toString());
        assertArrayEquals(bits(arrays.get(name)), bits(back.get(name)));
      }
    } finally {
      Files.delete(file);
    }
  }

  @Provide
  Arbitrary<List<String>> names() {
    Arbitrary<String> name =
        Arbitraries.oneOf(
            Arbitraries.strings().ascii().excludeChars('\0').ofMaxLength(12),
            Arbitraries.strings().withCharRange('\u00a0', '\ud7ff').ofMaxLength(6));
    return name.list().ofMaxSize(6);
  }

  @Property(tries = 300, seed = SEED)
  void numpysFile_readAndWritten_isTheSame(
      @ForAll("dtypes") DType dtype, @ForAll("shapes") long[] shape, @ForAll boolean fortran)
      throws IOException {
    if (Arrays.stream(shape).reduce(1, (a, b) -> a * b) > 20_000) {
      return;
    }
    String descr = dtype.toString().replace("|", "").replace("<", "");
    byte[] file = new NumpyCase(0, descr, fortran, 1, shape, "", "").file();
    assertArrayEquals(file, write(Npy.read(new ByteArrayInputStream(file))));
  }
}
