package org.allclose.jnpy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every dtype, byte order, order, kind of shape and version, against numpy's own files. */
class NumpyMatrixTest {
  @TempDir Path folder;

  static List<NumpyCase> cases() throws IOException {
    return NumpyCase.all();
  }

  @Test
  void cases_coverEveryType() throws IOException {
    // 16 types, of which 12 in two byte orders; 13 shapes in two orders, and 8 in versions 2 and 3.
    assertEquals((16 + 12) * (13 * 2 + 8), cases().size());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void header_isNumpysToTheByte(NumpyCase numpy) throws IOException {
    assertEquals(numpy.fileDigest(), NumpyCase.digest(numpy.file()));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void read_givesNumpysElements(NumpyCase numpy) throws IOException {
    NpyArray array = Npy.read(new ByteArrayInputStream(numpy.file()));
    assertEquals(numpy.dtype(), array.dtype());
    assertArrayEquals(numpy.shape(), array.shape());
    assertEquals(numpy.valuesDigest(), NumpyCase.valuesDigest(array));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void write_ofWhatWasRead_givesNumpysFile(NumpyCase numpy) throws IOException {
    byte[] file = numpy.file();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Npy.write(out, Npy.read(new ByteArrayInputStream(file)));
    byte[] saved = numpy.version() == 1 ? file : firstVersion(numpy);
    assertArrayEquals(saved, out.toByteArray());
  }

  /** numpy's {@code save} never writes versions 2 and 3 for such arrays. */
  private static byte[] firstVersion(NumpyCase numpy) throws IOException {
    return new NumpyCase(0, numpy.descr(), numpy.fortran(), 1, numpy.shape(), "", "").file();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void openedFile_hasNumpysElements(NumpyCase numpy) throws IOException {
    Path path = Files.write(folder.resolve("x.npy"), numpy.file());
    assertEquals(numpy.valuesDigest(), NumpyCase.valuesDigest(Npy.read(path)));
    try (NpyFile file = Npy.open(path)) {
      assertEquals(numpy.valuesDigest(), NumpyCase.valuesDigest(file.array()));
      assertEquals(numpy.valuesDigest(), NumpyCase.valuesDigest(file.array().copy()));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void canonical_isTheSameInCOrderAndLittleEndian(NumpyCase numpy) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Npy.write(out, Npy.read(new ByteArrayInputStream(numpy.file())).canonical());
    String littleEndian = numpy.descr().replace(">", "");
    NumpyCase plain = new NumpyCase(0, littleEndian, false, 1, numpy.shape(), "", "");
    assertArrayEquals(plain.file(), out.toByteArray());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void parts_areTheFileInOrder(NumpyCase numpy) throws IOException {
    Path from = Files.write(folder.resolve("from.npy"), numpy.file());
    Path to = folder.resolve("to.npy");
    try (NpyReader reader = Npy.reader(from);
        NpyWriter writer = NpyWriter.create(to, reader.header(), Durability.BUFFERED)) {
      for (NpyArray part = reader.next(7); part.size() > 0; part = reader.next(7)) {
        writer.write(part);
      }
      assertEquals(reader.header().size(), reader.position());
      writer.finish();
    }
    assertArrayEquals(numpy.file(), Files.readAllBytes(to));
  }

  @Test
  void numpysFiles_areReadAndOursAreReadByNumpy() throws Exception {
    Path numpys = Files.createDirectory(folder.resolve("numpys"));
    Path ours = Files.createDirectory(folder.resolve("ours"));
    Python.run("npy_digests.py", "--files", numpys.toString());
    for (NumpyCase numpy : cases()) {
      Path file = numpys.resolve(numpy.number() + ".npy");
      assertEquals(numpy.fileDigest(), NumpyCase.digest(Files.readAllBytes(file)), file::toString);
      NpyArray array = Npy.read(file);
      assertEquals(numpy.valuesDigest(), NumpyCase.valuesDigest(array), file::toString);
      Npy.write(ours.resolve(file.getFileName()), array, Durability.BUFFERED);
    }
    String checked = Python.run("npy_digests.py", "--check", ours.toString());
    assertEquals("checked " + cases().size(), checked.strip());
  }

  @Test
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

  @Test
  void byteOrderOfTheCases_isSeen() throws IOException {
    assertTrue(cases().stream().anyMatch(c -> c.descr().startsWith(">")));
    assertEquals(
        ByteOrder.BIG_ENDIAN, DescrParser.parse(">f8", "test", ReadOptions.defaults()).byteOrder());
  }
}
