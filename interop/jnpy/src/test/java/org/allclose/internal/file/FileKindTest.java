package org.allclose.internal.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.allclose.TestData;
import org.allclose.jnpy.Limits;
import org.allclose.jnpy.Npy;
import org.allclose.jnpy.NpyArray;
import org.allclose.jnpy.NpyException;
import org.allclose.jnpy.Npz;
import org.allclose.jnpy.NpzFile;
import org.allclose.jnpy.ReadOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names files that are no numpy files; {@code record_foreign.py} wrote those of other programs. */
class FileKindTest {
  private static final Path FOREIGN = TestData.folder().resolve("foreign");

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          model.pt     | a PyTorch checkpoint: save its state_dict with np.savez or safetensors, or record with from_torch
          old.pth      | a PyTorch checkpoint: save its state_dict with np.savez or safetensors, or record with from_torch
          model.keras  | a Keras model: save its weights with np.savez, or record with from_keras
          weights.h5   | an HDF5 file: read it with h5py or Keras and save with np.savez
          model.onnx   | an ONNX model: save its initializers with onnx.numpy_helper.to_array and np.savez
          array.pkl    | a Python pickle: pickles are never read; load it in Python and save with np.savez
          array.npy.gz | a compressed file: decompress it first
          arrays.tar   | a tar archive: unpack it first
          pointer.npz  | a git-lfs pointer: get the file itself with git lfs pull
          page.html    | a web page: the download went wrong
          table.csv    | text, such as CSV: read it with np.loadtxt and save with np.save or np.savez
          """)
  void filesOfOthers_areCalledWhatTheyAre(String name, String kind) {
    Path file = FOREIGN.resolve(name);
    String npy = file + ": expected a .npy file but got " + kind;
    String npz = file + ": expected a .npz file but got " + kind;
    assertRefused(npy, () -> Npy.read(file));
    assertRefused(npy, () -> Npy.header(file));
    assertRefused(npy, () -> Npy.open(file));
    assertRefused(npy, () -> Npy.reader(file));
    assertRefused(npz, () -> Npz.read(file));
    assertRefused(npz, () -> NpzFile.open(file));
  }

  @Test
  void filesOfOneKind_areNoneOfAnother() throws IOException {
    Path npy = folder.resolve("x.npy");
    Path npz = folder.resolve("x.npz");
    Npy.write(npy, NpyArray.of(new double[] {1}, 1));
    Npz.write(npz, Map.of("x", NpyArray.of(new double[] {1}, 1)));
    assertRefused(
        npy
            + ": expected a .npz file but got a .npy file: it holds one array without a name, save"
            + " with np.savez",
        () -> Npz.read(npy));
    assertRefused(
        npz
            + ": expected a .npy file but got a .npz file: it holds arrays under names, save one of"
            + " them with np.save",
        () -> Npy.read(npz));
    Path json = Files.writeString(folder.resolve("x.json"), " {\"a\": 1}");
    assertRefused(json + ": expected a .npz file but got a JSON file", () -> Npz.read(json));
    Path safetensors = TestData.folder().resolve("torch_weights/mlp.safetensors");
    assertRefused(
        safetensors
            + ": expected a .npz file but got a .safetensors file: load it with safetensors.numpy"
            + " and save with np.savez",
        () -> Npz.read(safetensors));
  }

  @Test
  void foldersAndNothing_areCalledWhatTheyAre() throws IOException {
    assertRefused(folder + ": expected a .npy file but got a folder", () -> Npy.read(folder));
    Path empty = Files.createFile(folder.resolve("empty"));
    assertRefused(empty + ": expected a .npz file but got an empty file", () -> Npz.read(empty));
    Path none = folder.resolve("none");
    assertEquals(
        none + ": expected a file but there is none",
        assertThrows(NoSuchFileException.class, () -> Npy.read(none)).getMessage());
  }

  @Test
  void aNoteBeforeTheArrays_isNoReasonToRefuseThem() throws IOException {
    Path file = zip("README.txt", "x.npy");
    assertEquals(FileKind.NPZ, InputFile.of(file).kind());
    assertEquals(FileKind.PYTORCH, InputFile.of(zip("README.txt", "m/data.pkl")).kind());
    assertEquals(FileKind.KERAS, InputFile.of(zip("a", "metadata.json", "config.json")).kind());
    assertEquals(FileKind.NPZ, InputFile.of(zip("config.json", "x.npy")).kind());
  }

  @Test
  void namesThatAreNoUtf8_areLeftToTheReader() throws IOException {
    Path file = folder.resolve("latin1.npz");
    try (ZipOutputStream out =
        new ZipOutputStream(Files.newOutputStream(file), StandardCharsets.ISO_8859_1)) {
      out.putNextEntry(new ZipEntry("\u00e9.txt"));
      out.putNextEntry(new ZipEntry("x.npy"));
    }
    assertEquals(FileKind.NPZ, InputFile.of(file).kind());
  }

  @Test
  void filesWithinAZip_areReadToo() throws IOException {
    Path zip = folder.resolve("cases.jar");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
      out.putNextEntry(new ZipEntry("x.npz"));
      out.write(Files.readAllBytes(zip("README.txt", "x.npy")));
    }
    try (FileSystem within = FileSystems.newFileSystem(zip)) {
      assertEquals(FileKind.NPZ, InputFile.of(within.getPath("x.npz")).kind());
    }
  }

  @Test
  void marks_tellOtherKinds() {
    assertEquals(FileKind.GGUF, kind("GGUF\3\0\0\0"));
    assertEquals(FileKind.PARQUET, kind("PAR1\25\4"));
    assertEquals(FileKind.TFLITE, kind("\34\0\0\0TFL3"));
    assertEquals(FileKind.MATLAB, kind("MATLAB 5.0 MAT-file, Platform: GLNXA64"));
    assertEquals(FileKind.COMPRESSED, kind("BZh91AY&SY"));
    assertEquals(FileKind.NPZ, kind("PK\5\6"));
    assertEquals(FileKind.JSON, kind("\n[1, 2]"));
    assertEquals(FileKind.UNKNOWN, kind("\1\2\3"));
    assertEquals(FileKind.UNKNOWN, kind("half an \u001b escape"));
    assertEquals(FileKind.EMPTY, kind(""));
    // Cut within a character of two bytes; and a byte that no character has.
    byte[] text = "a,é".getBytes(StandardCharsets.UTF_8);
    assertEquals(FileKind.TEXT, FileKind.of(Arrays.copyOf(text, 3)));
    assertEquals(FileKind.UNKNOWN, kind("a,\u00ffb"));
  }

  @Test
  void streams_areNamedByTheirFirstBytes() {
    assertEquals(
        "stream: expected a .npy file but got an HDF5 file: read it with h5py or Keras and save"
            + " with np.savez",
        assertThrows(
                NpyException.class,
                () ->
                    Npy.read(
                        new ByteArrayInputStream(
                            Files.readAllBytes(FOREIGN.resolve("weights.h5")))))
            .getMessage());
  }

  @Test
  void jsonInPlaceOfArrays_isNotAdvisedToSaveArrays() {
    assertEquals(
        "expected a JSON file but got an HDF5 file", FileKind.HDF5.inPlaceOf(FileKind.JSON));
    assertEquals(
        "expected a JSON file but got a compressed file: decompress it first",
        FileKind.COMPRESSED.inPlaceOf(FileKind.JSON));
  }

  @Test
  void pipes_areReadAsFilesAre() throws Exception {
    ByteArrayOutputStream npy = new ByteArrayOutputStream();
    Npy.write(npy, NpyArray.of(new double[] {1, 2, 3}, 3));
    Path npz = folder.resolve("x.npz");
    Npz.write(npz, Map.of("x", NpyArray.of(new double[] {1, 2}, 2)));
    assertEquals("<f8 (3,) C", piped(npy.toByteArray(), Npy::read).toString());
    assertEquals("<f8 (3,) C", piped(npy.toByteArray(), Npy::header).toString());
    assertEquals("{x=<f8 (2,) C}", piped(Files.readAllBytes(npz), Npz::read).toString());
  }

  @Test
  void pipesOfOtherKinds_areNamedWithoutReadingThemToTheEnd() throws Exception {
    byte[] endless = new byte[1 << 20];
    Path pipe = pipe();
    assertEquals(
        pipe + ": magic: expected 93 4e 55 4d 50 59 but got 00 00 00 00 00 00",
        assertThrows(NpyException.class, () -> feed(pipe, endless, Npy::read)).getMessage());
    byte[] keras = Files.readAllBytes(FOREIGN.resolve("model.keras"));
    Path other = pipe(); // the writer of the first may still be at it
    assertEquals(
        other
            + ": expected a .npz file but got a Keras model: save its weights with np.savez, or"
            + " record with from_keras",
        assertThrows(NpyException.class, () -> feed(other, keras, Npz::read)).getMessage());
  }

  @Test
  void pipes_areBounded() throws Exception {
    ByteArrayOutputStream npy = new ByteArrayOutputStream();
    Npy.write(npy, NpyArray.of(new double[1000], 1000));
    Path pipe = pipe();
    ReadOptions options = ReadOptions.defaults().withLimits(Limits.defaults().withArrayBytes(4000));
    assertEquals(
        pipe + ": pipe: expected at most 4000 bytes but got more",
        assertThrows(
                NpyException.class,
                () -> feed(pipe, npy.toByteArray(), file -> Npy.read(file, options)))
            .getMessage());
  }

  /** Reads a file. */
  private interface Reader<T> {
    T read(Path file) throws IOException;
  }

  private <T> T piped(byte[] bytes, Reader<T> reader) throws Exception {
    return feed(pipe(), bytes, reader);
  }

  /** Writes bytes into a pipe while another reads it; a reader that stops early breaks the pipe. */
  private static <T> T feed(Path pipe, byte[] bytes, Reader<T> reader) throws Exception {
    ExecutorService executor = Executors.newSingleThreadExecutor();
    try {
      Callable<Path> writing =
          () -> {
            try {
              return Files.write(pipe, bytes);
            } catch (IOException e) {
              return pipe;
            }
          };
      Future<Path> written = executor.submit(writing);
      T result = reader.read(pipe);
      written.get();
      return result;
    } finally {
      executor.shutdownNow();
    }
  }

  private Path pipe() throws Exception {
    Path pipe = folder.resolve("pipe" + System.nanoTime());
    int status;
    try {
      status = new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor();
    } catch (IOException e) {
      status = -1;
    }
    assumeTrue(status == 0, "no mkfifo here");
    return pipe;
  }

  private Path zip(String... names) throws IOException {
    Path file = Files.createTempFile(folder, "zip", ".npz");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(file))) {
      for (String name : names) {
        out.putNextEntry(new ZipEntry(name));
      }
    }
    return file;
  }

  private static FileKind kind(String latin1) {
    return FileKind.of(latin1.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static void assertRefused(
      String message, org.junit.jupiter.api.function.Executable read) {
    assertEquals(message, assertThrows(NpyException.class, read).getMessage());
  }
}
