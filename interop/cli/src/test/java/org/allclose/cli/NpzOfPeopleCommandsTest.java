package org.allclose.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.allclose.TestData;
import org.allclose.jnpy.DType;
import org.allclose.jnpy.Npy;
import org.allclose.jnpy.NpyArray;
import org.allclose.jnpy.Npz;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** In an archive, each entry stands for itself. */
class NpzOfPeopleCommandsTest {
  private static final Path DIGITS = TestData.fixtures().resolve("digits");

  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  /** Packs as {@code zip -r} does. */
  private Path zip(Map<String, byte[]> files) throws IOException {
    Path file = folder.resolve("x.npz");
    try (OutputStream stream = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(stream)) {
      for (Map.Entry<String, byte[]> entry : files.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue());
        zip.closeEntry();
      }
    }
    return file;
  }

  private static byte[] npy(NpyArray array) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Npy.write(bytes, array);
    return bytes.toByteArray();
  }

  /** Returns a file with a header that says another type. */
  private static byte[] typed(String type, int bytes) throws IOException {
    String header = "{'descr': " + type + ", 'fortran_order': False, 'shape': (1,), }";
    String padded = header + " ".repeat(117 - header.length()) + "\n";
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 118, 0});
    all.write(padded.getBytes(StandardCharsets.UTF_8));
    all.write(new byte[bytes]);
    return all.toByteArray();
  }

  private int run(Object... arguments) {
    String[] texts = Arrays.stream(arguments).map(Object::toString).toArray(String[]::new);
    CommandLine command = Allclose.commandLine(texts);
    command.setOut(new PrintWriter(out, true));
    command.setErr(new PrintWriter(err, true));
    return command.execute(texts);
  }

  @Test
  void show_marksWhatIsRefused_andReadsTheRest() throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("README.txt", "read me".getBytes(StandardCharsets.UTF_8));
    files.put("fc1/", new byte[0]);
    files.put("object.npy", typed("'|O'", 8));
    files.put("date.npy", typed("'<M8[ns]'", 8));
    files.put("rows.npy", typed("[('a', '<f8'), ('b', '<i4')]", 12));
    files.put("x.npy", npy(NpyArray.of(new double[] {1, 2}, 2)));
    Path file = zip(files);
    assertEquals(0, run("show", file), err.toString());
    assertEquals("", err.toString());
    List<String> lines = out.toString().lines().toList();
    assertTrue(lines.get(2).contains("README.txt  not an array"), out.toString());
    assertTrue(lines.get(3).contains("fc1/        not an array"), out.toString());
    assertTrue(lines.get(4).contains("object      refused"), out.toString());
    assertTrue(lines.get(7).contains("x           float64"), out.toString());
    assertEquals(
        List.of(
            "refused "
                + file
                + "!object.npy: dtype '|O' is refused: Python objects are stored as a pickle, which can"
                + " run code and is never read",
            "refused "
                + file
                + "!date.npy: dtype '<M8[ns]' is refused: dates and time spans are not supported",
            "refused "
                + file
                + "!rows.npy: dtype '[('a', '<f8'), ('b', '<i4')]' is refused: structured and"
                + " subarray types are not supported"),
        lines.subList(8, lines.size()));
    out.getBuffer().setLength(0);
    assertEquals(0, run("show", "--json", file));
    assertTrue(out.toString().contains("\"refused\": \"" + file + "!object.npy: "), out.toString());
  }

  @Test
  void show_marksWhatIsDamaged_andIsUnusable() throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    byte[] text = npy(NpyArray.wrap(DType.text(1), new int[] {0x110000}, 1));
    files.put("text.npy", text);
    files.put("x.npy", npy(NpyArray.of(new double[] {1, 2}, 2)));
    Path file = zip(files);
    assertEquals(2, run("show", file));
    assertEquals(
        "allclose: "
            + file
            + "!text.npy: element (0,): expected code points up to 0x10ffff but got 0x110000\n",
        err.toString());
    assertTrue(out.toString().contains("text   damaged"), out.toString());
    assertTrue(out.toString().contains("x      float64"), out.toString());
  }

  @Test
  void convert_takesTheArrays_andSaysWhatItLeavesOut() throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("README.txt", "read me".getBytes(StandardCharsets.UTF_8));
    files.put("x.npy", npy(NpyArray.of(new double[] {1, 2}, 2)));
    Path file = zip(files);
    Path output = folder.resolve("out.npz");
    assertEquals(0, run("convert", file, output), err.toString());
    assertEquals("left out " + file + "!README.txt: not an array\n", err.toString());
    assertEquals(List.of("x"), List.copyOf(Npz.read(output).keySet()));
  }

  @Test
  void predict_takesTheWeightsFromAmongOthers() throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("README.txt", "read me".getBytes(StandardCharsets.UTF_8));
    files.put("fc1/", new byte[0]);
    for (Map.Entry<String, NpyArray> entry : Npz.read(DIGITS.resolve("weights.npz")).entrySet()) {
      files.put(entry.getKey() + ".npy", npy(entry.getValue()));
    }
    files.put("__MACOSX/fc1/._W.npy", new byte[] {0, 5, 0x16, 7});
    Object[] command = {
      "predict",
      "--network",
      DIGITS.resolve("network.json"),
      "--weights",
      zip(files),
      "--input",
      DIGITS.resolve("inputs/x.npy"),
      "--output",
      folder.resolve("scores.npy")
    };
    assertEquals(0, run(command), err.toString());
    assertEquals(
        -1, Files.mismatch(DIGITS.resolve("expected/scores.npy"), folder.resolve("scores.npy")));
    // An object is no parameter, and is told of as one that is not used.
    files.put("meta.npy", typed("'|O'", 8));
    zip(files);
    assertEquals(2, run(command));
    assertTrue(err.toString().contains("; unused [meta]"), err.toString());
  }
}
