package org.allclose.jnpy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every dtype, byte order, order, kind of shape and version, against numpy's own files. */
class NumpyMatrixTest {
  @TempDir Path folder;

  private static final List<NumpyCase> CASES = NumpyCase.all();

  /** What is to hold for a case. */
  private interface Check {
    void of(NumpyCase numpy) throws IOException;
  }

  static Stream<String> types() {
    return CASES.stream().map(NumpyCase::descr).distinct();
  }

  private static void forAll(String type, Check check) throws IOException {
    for (NumpyCase numpy : CASES) {
      if (numpy.descr().equals(type)) {
        try {
          check.of(numpy);
        } catch (IOException | RuntimeException | AssertionError e) {
          throw new AssertionError(numpy + ": " + e.getMessage(), e);
        }
      }
    }
  }

  @Test
  void cases_coverEveryType() {
    // 16 types, of which 12 in two byte orders; 13 shapes in two orders, and 8 in versions 2 and 3.
    assertEquals((16 + 12) * (13 * 2 + 8), CASES.size());
    assertEquals(16 + 12, types().count());
  }

  @ParameterizedTest
  @MethodSource("types")
  void header_isNumpysToTheByte(String type) throws IOException {
    forAll(type, numpy -> assertEquals(numpy.fileDigest(), NumpyCase.digest(numpy.file())));
  }

  @ParameterizedTest
  @MethodSource("types")
  void read_givesNumpysElements(String type) throws IOException {
    forAll(
        type,
        numpy -> {
          NpyArray array = Npy.read(new ByteArrayInputStream(numpy.file()));
          assertEquals(numpy.dtype(), array.dtype());
          assertArrayEquals(numpy.shape(), array.shape());
          assertEquals(numpy.valuesDigest(), NumpyCase.valuesDigest(array));
        });
  }

  @ParameterizedTest
  @MethodSource("types")
  void write_ofWhatWasRead_givesNumpysFile(String type) throws IOException {
    forAll(
        type,
        numpy -> {
          ByteArrayOutputStream out = new ByteArrayOutputStream();
          Npy.write(out, Npy.read(new ByteArrayInputStream(numpy.file())));
          // numpy's save never writes versions 2 and 3 for such arrays.
          assertArrayEquals(numpy.withVersion(1).file(), out.toByteArray());
        });
  }

  @ParameterizedTest
  @MethodSource("types")
  void openedFile_hasNumpysElements(String type) throws IOException {
    forAll(
        type,
        numpy -> {
          Path path = Files.write(folder.resolve("x.npy"), numpy.file());
          assertEquals(numpy.valuesDigest(), NumpyCase.valuesDigest(Npy.read(path)));
          try (NpyFile file = Npy.open(path)) {
            assertEquals(numpy.valuesDigest(), NumpyCase.valuesDigest(file.array()));
            assertEquals(numpy.valuesDigest(), NumpyCase.valuesDigest(file.array().copy()));
          }
        });
  }

  @ParameterizedTest
  @MethodSource("types")
  void canonical_isTheSameInCOrderAndLittleEndian(String type) throws IOException {
    forAll(
        type,
        numpy -> {
          ByteArrayOutputStream out = new ByteArrayOutputStream();
          Npy.write(out, Npy.read(new ByteArrayInputStream(numpy.file())).canonical());
          String littleEndian = numpy.descr().replace(">", "");
          NumpyCase plain = new NumpyCase(0, littleEndian, false, 1, numpy.shape(), "", "");
          assertArrayEquals(plain.file(), out.toByteArray());
        });
  }

  @ParameterizedTest
  @MethodSource("types")
  void parts_areTheFileInOrder(String type) throws IOException {
    forAll(
        type,
        numpy -> {
          Path from = Files.write(folder.resolve("from.npy"), numpy.file());
          Path to = folder.resolve("to.npy");
          try (NpyReader reader = Npy.reader(from);
              NpyWriter writer = NpyWriter.create(to, reader.header(), Durability.BUFFERED)) {
            int most = (int) Math.max(1, Math.min(1000, reader.header().size() / 3));
            for (NpyArray part = reader.next(most); part.size() > 0; part = reader.next(most)) {
              writer.write(part);
            }
            assertEquals(reader.header().size(), reader.position());
            writer.finish();
          }
          assertArrayEquals(numpy.file(), Files.readAllBytes(to));
        });
  }

  @Test
  @Tag("slow")
  void numpysFiles_areReadAndOursAreReadByNumpy() throws Exception {
    Path numpys = Files.createDirectory(folder.resolve("numpys"));
    Path ours = Files.createDirectory(folder.resolve("ours"));
    Python.run("npy_digests.py", "--files", numpys.toString());
    for (NumpyCase numpy : CASES) {
      Path file = numpys.resolve(numpy.number() + ".npy");
      assertEquals(numpy.fileDigest(), NumpyCase.digest(Files.readAllBytes(file)), file::toString);
      NpyArray array = Npy.read(file);
      assertEquals(numpy.valuesDigest(), NumpyCase.valuesDigest(array), file::toString);
      Npy.write(ours.resolve(file.getFileName()), array, Durability.BUFFERED);
    }
    String checked = Python.run("npy_digests.py", "--check", ours.toString());
    assertEquals("checked " + CASES.size(), checked.strip());
  }

  @Test
  @Tag("slow")
  void numpysFilesOfRandomArrays_areReadAndWrittenTheSame() throws Exception {
    Python.run("npy_digests.py", "--random", folder.toString());
    List<String> lines = Files.readAllLines(folder.resolve("list.txt"));
    assertEquals(1000, lines.size());
    for (int i = 0; i < lines.size(); i++) {
      byte[] file = Files.readAllBytes(folder.resolve(i + ".npy"));
      NpyArray array = Npy.read(new ByteArrayInputStream(file));
      String[] expected = lines.get(i).split(" ", -1);
      assertEquals(expected[0], array.dtype().toString());
      assertEquals(expected[2], NumpyCase.valuesDigest(array), lines.get(i));
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      Npy.write(out, array);
      assertArrayEquals(file, out.toByteArray(), lines.get(i));
    }
  }
}
