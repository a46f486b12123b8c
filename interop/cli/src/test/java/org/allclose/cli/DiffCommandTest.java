package org.allclose.cli;

import static org.allclose.cli.CommandRun.assertUnusable;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.allclose.TestData;
import org.allclose.jnpy.DType;
import org.allclose.jnpy.NpyArray;
import org.allclose.jnpy.Npz;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;

/** {@code diff} says the same in text, JSON, XML, HTML and exit status. */
class DiffCommandTest {
  private static final Path SAFETENSORS = TestData.folder().resolve("safetensors");

  @TempDir Path folder;

  @Test
  void filesOfPyTorchWithBatchNorm_areEqualToThemselves() {
    for (String name :
        new String[] {"batch_norm.safetensors", "bool_extra.safetensors", "f4_extra.safetensors"}) {
      Path file = SAFETENSORS.resolve(name);
      CommandRun run = CommandRun.of("diff", file, file);
      assertEquals("", run.err());
      assertEquals(0, run.status(), run.out());
      assertTrue(run.out().endsWith("tensors: all arrays match\n"), run.out());
    }
  }

  @Test
  void shards_areOneFile() throws IOException {
    Path index = SAFETENSORS.resolve("shards/model.safetensors.index.json");
    assertEquals(0, CommandRun.of("diff", index, index).status());
    CommandRun run = CommandRun.of("diff", index, SAFETENSORS.resolve("bool_extra.safetensors"));
    assertEquals(1, run.status());
    assertLine("FAILED diff: attn.mask: expected none but got bool of shape (4,)", run);
    assertLine("1 case, 3 tensors: 1 case FAILED", run);
  }

  @Test
  void arraysOfEveryKind_areInEveryReport() throws Exception {
    Path first = folder.resolve("a.npz");
    Path second = folder.resolve("b.npz");
    Map<String, NpyArray> arrays = new LinkedHashMap<>();
    arrays.put("equal", NpyArray.of(new double[] {1, 2}, 2));
    arrays.put("count", NpyArray.of(new long[] {Long.MAX_VALUE}, 1));
    arrays.put("names", NpyArray.of(new String[] {"a", "b"}, 2));
    arrays.put("z", NpyArray.wrap(DType.COMPLEX64, new float[] {1, 2}, 1));
    arrays.put("w", NpyArray.of(new double[] {1}, 1));
    arrays.put("lost", NpyArray.of(new boolean[] {true}, 1));
    Npz.write(first, arrays);
    arrays.put("count", NpyArray.of(new long[] {Long.MAX_VALUE - 1}, 1));
    arrays.put("names", NpyArray.of(new String[] {"a", "c"}, 2));
    arrays.put("z", NpyArray.wrap(DType.COMPLEX64, new float[] {1, 3}, 1));
    arrays.put("w", NpyArray.of(new float[] {1}, 1));
    arrays.put("new", arrays.remove("lost"));
    Npz.write(second, arrays);
    Path json = folder.resolve("r.json");
    Path xml = folder.resolve("r.xml");
    Path html = folder.resolve("r.html");
    CommandRun run =
        CommandRun.of("diff", first, second, "--json", json, "--junit", xml, "--html", html);
    assertEquals(1, run.status());
    assertEquals("", run.err());
    assertLine(
        "FAILED diff: count(0,): expected 9223372036854775807 but got 9223372036854775806 (match"
            + " exact; 0 of 1 elements equal)",
        run);
    assertLine(
        "FAILED diff: names(1,): expected 'b' but got 'c' (match exact; 1 of 2 elements equal)",
        run);
    assertLine(
        "FAILED diff: z.imag(0,): expected 2.0 but got 3.0 (match exact; absolute error 1.00,"
            + " relative 0.500, 2.25e+15 ulps, 2.25e+15 normwise ulps; 0 of 1 elements bit-equal)",
        run);
    assertLine(
        "FAILED diff: w: expected float64 but got float32; w: all 1 elements bit-equal", run);
    assertLine("FAILED diff: lost: expected bool of shape (1,) but got none", run);
    assertLine("FAILED diff: new: expected none but got bool of shape (1,)", run);
    assertLine("1 case, 8 tensors: 1 case FAILED", run);
    JsonObject report = read(json);
    assertFalse(report.get("matches").getAsBoolean());
    JsonObject diff = report.getAsJsonArray("cases").get(0).getAsJsonObject();
    assertFalse(diff.get("matches").getAsBoolean());
    JsonArray tensors = diff.getAsJsonArray("tensors");
    long failed = 0;
    for (JsonElement entry : tensors) {
      failed += entry.getAsJsonObject().get("matches").getAsBoolean() ? 0 : 1;
    }
    assertEquals(6, failed);
    JsonObject lost = tensors.get(6).getAsJsonObject();
    assertEquals("lost", lost.get("name").getAsString());
    assertEquals("bool of shape (1,)", lost.get("expected").getAsString());
    assertFalse(lost.has("actual"));
    assertEquals("float32", tensors.get(5).getAsJsonObject().get("actualDtype").getAsString());
    JsonObject worst = tensors.get(1).getAsJsonObject().getAsJsonObject("worst");
    assertEquals("9223372036854775806", worst.get("actual").getAsString());
    Element suites =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(xml.toFile())
            .getDocumentElement();
    assertEquals("8", suites.getAttribute("tests"));
    assertEquals("6", suites.getAttribute("failures"));
    assertEquals(6, suites.getElementsByTagName("failure").getLength());
    String page = Files.readString(html);
    assertTrue(page.contains("<title>Parity: 1 failed</title>"), page);
    assertTrue(page.contains("<td colspan=\"2\">none, not bool of shape (1,)</td>"), page);
    assertTrue(page.contains("<td colspan=\"2\">1 of 2 elements equal</td>"), page);
    assertTrue(page.contains("exact; float32 in place of float64"), page);
  }

  @Test
  void anArrayMissingInTheOther_isAMismatchEverywhere() throws Exception {
    Path first = folder.resolve("a.npz");
    Path second = folder.resolve("b.npz");
    NpyArray x = NpyArray.of(new double[] {1}, 1);
    Npz.write(first, Map.of("x", x));
    Map<String, NpyArray> more = new LinkedHashMap<>(Map.of("x", x));
    more.put("y", x);
    Npz.write(second, more);
    Path json = folder.resolve("r.json");
    CommandRun run = CommandRun.of("diff", first, second, "--json", json);
    assertEquals(1, run.status());
    assertTrue(run.out().endsWith("1 case, 2 tensors: 1 case FAILED\n"), run.out());
    assertFalse(read(json).get("matches").getAsBoolean());
  }

  /** {@code np.savez('x.npz', a=np.zeros(1), b=np.array([None]))}: an entry that is a pickle. */
  @Test
  void arraysThatAreRefused_areNamedAndTheRestIsCompared() throws IOException {
    Path file = TestData.folder().resolve("foreign/object.npz");
    CommandRun run = CommandRun.of("diff", file, file);
    assertEquals(1, run.status(), run.err());
    assertTrue(
        run.out()
            .contains(
                "FAILED diff: b: expected an array that can be read but got "
                    + file
                    + "!b.npy: dtype '|O' is refused: Python objects are stored as a pickle, which"
                    + " can run code and is never read\n"),
        run.out());
    assertTrue(run.out().contains("\ndiff  a              1          1 "), run.out());
  }

  @Test
  void bfloat16_isReadOnRequest() {
    Path file = TestData.folder().resolve("foreign/bfloat16.npy");
    assertUnusable(
        file
            + ": dtype '<V2' is refused: raw bytes without a type are not supported (bfloat16 is"
            + " saved so: it is read with --bfloat16, in Java with ReadOptions.withVoidAsBfloat16)",
        "diff",
        file,
        file);
    assertEquals(0, CommandRun.of("diff", file, file, "--bfloat16").status());
    CommandRun run = CommandRun.of("show", file, "--bfloat16");
    // The float nearest below 1/3 that ends in 16 zeros: 0x3eab0000.
    assertTrue(run.out().contains("bfloat16  (3,)"), run.out());
    assertTrue(run.out().contains("[1.0, -2.5, 0.33398438]"), run.out());
  }

  private static void assertLine(String line, CommandRun run) {
    assertTrue(run.out().lines().anyMatch(line::equals), run.out());
  }

  private static JsonObject read(Path file) throws IOException {
    return JsonParser.parseString(Files.readString(file)).getAsJsonObject();
  }
}
