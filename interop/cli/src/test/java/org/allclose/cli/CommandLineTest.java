package org.allclose.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Set;
import org.allclose.TestData;
import org.allclose.internal.json.JsonFile;
import org.allclose.jnpy.Npy;
import org.allclose.jnpy.NpyArray;
import org.allclose.jnpy.Npz;
import org.allclose.tensor.Tensor;
import org.allclose.weights.NumpyTensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandLineTest {

  /** Cases of a function that this library does not have, and of a network. */
  private static final String CASES = "../parity/src/test/resources/cases";

  private static final Path DIGITS = TestData.fixtures().resolve("digits");

  @TempDir Path folder;

  /** What a run of the command gave. */
  private record Run(int status, String out, String err) {}

  @Test
  void check_ofTheFixtures_isGood() {
    Run run = run("check", TestData.fixtures().toString());
    assertEquals("", run.err);
    assertEquals(0, run.status, run.out);
    assertTrue(run.out.contains("digits: accuracy 0.9663 as recorded, 0.9663 in Java\n"), run.out);
    assertTrue(run.out.endsWith("tensors: Java computes what was recorded\n"), run.out);
  }

  @Test
  void check_withOneBitChanged_saysWhere() throws IOException {
    copy(TestData.fixtures().resolve("fc_2d"), folder.resolve("fc_2d"));
    Path file = folder.resolve("fc_2d/expected/dW.npy");
    Tensor dw = NumpyTensors.read(file);
    double right = dw.get(2, 3);
    double wrong = Double.longBitsToDouble(Double.doubleToRawLongBits(right) ^ 1);
    dw.set(wrong, 2, 3);
    NumpyTensors.write(file, dw);
    Path json = folder.resolve("report.json");
    Run run = run("check", folder.toString(), "--json", json.toString());
    assertEquals(1, run.status);
    assertTrue(
        run.out.contains(
            "FAILED fc_2d: dW(2, 3): expected " + wrong + " but got " + right + " (match exact"),
        run.out);
    assertTrue(run.out.contains(", 1 ulps, "), run.out);
    assertTrue(run.out.contains("; 34 of 35 elements bit-equal)"), run.out);
    assertTrue(run.out.endsWith("1 case, 4 tensors: 1 case FAILED\n"), run.out);
    boolean matches =
        JsonFile.read(
            json,
            fields -> {
              assertEquals(Set.of("format", "matches", "cases"), fields.keys());
              return fields.truth("matches");
            });
    assertFalse(matches);
  }

  @Test
  void check_ofCasesThatShareAName_callsThemByTheirPaths() throws IOException {
    copy(TestData.fixtures().resolve("fc_2d"), folder.resolve("a/fc_2d"));
    copy(TestData.fixtures().resolve("fc_2d"), folder.resolve("b/fc_2d"));
    copy(TestData.fixtures().resolve("fc_4d"), folder.resolve("b/fc_4d"));
    Run run = run("check", folder.toString());
    assertEquals(0, run.status, run.err);
    assertTrue(run.out.contains("\n" + folder.resolve("a/fc_2d") + " "), run.out);
    assertTrue(run.out.contains("\n" + folder.resolve("b/fc_2d") + " "), run.out);
    assertTrue(run.out.contains("\nfc_4d "), run.out);
  }

  @Test
  void check_withALayersOutputChanged_namesTheFirstDivergingLayer() throws IOException {
    copy(TestData.fixtures().resolve("two_layer"), folder.resolve("two_layer"));
    for (String layer : new String[] {"relu1", "fc2"}) {
      Path file = folder.resolve("two_layer/outputs/" + layer + ".npy");
      Tensor out = NumpyTensors.read(file);
      out.set(123, 0, 0);
      NumpyTensors.write(file, out);
    }
    Run run = run("check", folder.toString());
    assertEquals(1, run.status);
    assertTrue(
        run.out.contains("FAILED two_layer: the first layer whose output diverges is relu1\n"),
        run.out);
  }

  @Test
  void check_withAnotherMatch_usesItForEveryTensor() {
    String natural = TestData.fixtures().resolve("natural").toString();
    assertEquals(0, run("check", natural).status);
    Run exact = run("check", natural, "--match", "exact");
    assertEquals(1, exact.status, exact.out);
    assertTrue(exact.out.contains("(match exact; "), exact.out);
    assertEquals(0, run("check", natural, "--match", "rtol:1e-6,atol:1e-6").status);
    Run wrong = run("check", natural, "--match", "near");
    assertEquals(2, wrong.status);
    assertEquals(
        "allclose: Invalid value for option '--match': match: expected exact, zeros:equal, ulps:K,"
            + " rounding:K or rtol:R,atol:A but got 'near'; see allclose check --help\n",
        wrong.err);
  }

  @Test
  void check_withinRoundingErrors_tellsWhatItWouldHaveSeen() {
    Run run = run("check", TestData.folder().resolve("rounding").toString());
    assertEquals(0, run.status, run.out);
    String loss = "(?s).* loss +1 +0 +78936 +0\\.151  rounding 16  ok\n.*";
    assertTrue(run.out.matches(loss), run.out);
    assertTrue(
        run.out.contains(
            "\nsure: a change of one weight by 1.1e-13 of itself would have been seen"),
        run.out);
    assertTrue(
        run.out.contains("\nkink: kink: layer 'relu1' decides the other way at (6, 3), where"));
  }

  @Test
  void rounding_ofWhatIsNoNetwork_isUnusable() {
    String function = TestData.fixtures().resolve("fc_2d").toString();
    Run check = run("check", function, "--match", "rounding:16");
    assertEquals(2, check.status);
    assertTrue(
        check.err.startsWith(
            "allclose: "
                + function
                + ": case 'fc_2d': match rounding 16: expected a network, whose terms are known,"
                + " but got a function\n"),
        check.err);
    String weights = DIGITS.resolve("weights.npz").toString();
    Run diff = run("diff", weights, weights, "--match", "rounding:16");
    assertEquals(2, diff.status);
    assertEquals(
        "allclose: match rounding 16: expected a network, whose terms are known, but got arrays"
            + " alone\n",
        diff.err);
  }

  @Test
  void check_againstOtherWeights_saysWhetherTheyStillGiveWhatWasRecorded() throws IOException {
    String digits = DIGITS.toString();
    String weights = DIGITS.resolve("weights.npz").toString();
    assertEquals(0, run("check", digits, "--against", weights).status);
    Map<String, Tensor> tensors = NumpyTensors.readNpz(DIGITS.resolve("weights.npz"));
    tensors.get("fc2/b").unwrap()[3] += 0.5;
    NumpyTensors.writeNpz(folder.resolve("other.npz"), tensors);
    Run run = run("check", digits, "--against", folder.resolve("other.npz").toString());
    assertEquals(1, run.status, run.out);
    assertTrue(
        run.out.contains("FAILED digits: the first layer whose output diverges is fc2\n"), run.out);
  }

  @Test
  void check_againstWeightsInTheLayoutOfPyTorch_readsThem() {
    String mlp = TestData.fixtures().resolve("torch/mlp").toString();
    String weights = TestData.folder().resolve("torch_weights/mlp.safetensors").toString();
    Run run = run("check", mlp, "--against", weights, "--layout", "pytorch");
    assertEquals(0, run.status, run.err);
    Run wrong = run("check", mlp, "--against", weights);
    assertEquals(2, wrong.status);
    assertTrue(wrong.err.contains("; layout PYTORCH would fit\n"), wrong.err);
    Run renamed =
        run("check", mlp, "--against", weights, "--layout", "pytorch", "--rename", "(.*)=x$1");
    assertEquals(2, renamed.status);
    assertTrue(renamed.err.contains("but got [x0.weight, x0.bias, "), renamed.err);
  }

  @Test
  void check_ofAFunctionsCaseAgainstWeights_isUnusable() {
    String weights = DIGITS.resolve("weights.npz").toString();
    Run run = run("check", TestData.fixtures().resolve("fc_2d").toString(), "--against", weights);
    assertEquals(2, run.status);
    assertTrue(run.err.contains("case 'fc_2d': expected one of a network\n"), run.err);
  }

  @Test
  void check_writesReportsAsAPageAndForBuildServers() throws IOException {
    Path html = folder.resolve("report.html");
    Path xml = folder.resolve("report.xml");
    String faults = TestData.folder().resolve("faults/epsilon").toString();
    assertEquals(
        1, run("check", faults, "--html", html.toString(), "--junit", xml.toString()).status);
    assertTrue(Files.readString(html).contains("another epsilon"));
    assertTrue(Files.readString(xml).contains("<testsuite name=\"epsilon\" tests=\""));
  }

  @Test
  void colours_areForTerminalsAlone() {
    String report = "fc  ok\nfc  FAILED\nFAILED fc: x\n";
    assertEquals(report, Colours.of(report, false));
    assertEquals(
        "fc  \u001b[32mok\u001b[0m\nfc  \u001b[31mFAILED\u001b[0m\n\u001b[31mFAILED\u001b[0m fc: x\n",
        Colours.of(report, true));
  }

  @Test
  void diff_ofTheSameFile_isGood() {
    String weights = DIGITS.resolve("weights.npz").toString();
    Run run = run("diff", weights, weights);
    assertEquals(0, run.status, run.err);
    assertTrue(run.out.endsWith("1 case, 4 tensors: all arrays match\n"), run.out);
    String torch = TestData.folder().resolve("torch_weights/mlp.").toString();
    assertEquals(0, run("diff", torch + "npz", torch + "safetensors").status);
    String labels = DIGITS.resolve("inputs/labels.npy").toString();
    assertEquals(0, run("diff", labels, labels).status);
  }

  @Test
  void diff_saysWhatDiffersAndWhatIsMissing() throws IOException {
    Map<String, Tensor> tensors = NumpyTensors.readNpz(DIGITS.resolve("weights.npz"));
    double was = tensors.get("fc2/b").unwrap()[3];
    tensors.get("fc2/b").unwrap()[3] = was + 1;
    tensors.put("more", tensors.remove("fc1/b"));
    Path other = folder.resolve("other.npz");
    NumpyTensors.writeNpz(other, tensors);
    Path html = folder.resolve("diff.html");
    String weights = DIGITS.resolve("weights.npz").toString();
    Run run = run("diff", weights, other.toString(), "--html", html.toString());
    assertEquals(1, run.status);
    assertTrue(
        run.out.contains("FAILED diff: fc2/b(3,): expected " + was + " but got " + (was + 1)),
        run.out);
    assertTrue(
        run.out.contains("FAILED diff: fc1/b: expected float64 of shape (100,) but got none\n"),
        run.out);
    assertTrue(
        run.out.contains("FAILED diff: more: expected none but got float64 of shape (100,)\n"),
        run.out);
    assertTrue(run.out.endsWith("1 case, 5 tensors: 1 case FAILED\n"), run.out);
    assertTrue(Files.readString(html).contains("<h2>diff"));
    assertEquals(1, run("diff", weights, other.toString(), "--match", "rtol:10,atol:10").status);
  }

  @Test
  void diff_withATolerance_usesIt() throws IOException {
    Map<String, Tensor> tensors = NumpyTensors.readNpz(DIGITS.resolve("weights.npz"));
    tensors.get("fc2/b").unwrap()[3] += 1e-9;
    Path other = folder.resolve("other.npz");
    NumpyTensors.writeNpz(other, tensors);
    String weights = DIGITS.resolve("weights.npz").toString();
    assertEquals(1, run("diff", weights, other.toString()).status);
    assertEquals(0, run("diff", weights, other.toString(), "--match", "rtol:0,atol:1e-8").status);
  }

  @Test
  void check_leavesFunctionsOfOthersToTheirTests() {
    Run run = run("check", CASES);
    assertEquals(0, run.status, run.err);
    assertTrue(
        run.out.endsWith(
            "1 case, 7 tensors: Java computes what was recorded\nskipped [moving_average]:"
                + " functions that only a @ParityTest can compute\n"),
        run.out);
    Run alone = run("check", CASES + "/moving_average");
    assertEquals(2, alone.status);
    assertEquals(
        "allclose: ["
            + CASES
            + "/moving_average]: expected at least one case that can"
            + " be replayed here\n",
        alone.err);
  }

  @Test
  void check_ofAnEmptyFolder_isUnusable() {
    Run run = run("check", folder.toString());
    assertEquals(2, run.status);
    assertEquals("allclose: [" + folder + "]: expected at least one case but got none\n", run.err);
  }

  @Test
  void check_ofAFolderThatIsMissing_isUnusable() {
    Run run = run("check", folder.resolve("none").toString());
    assertEquals(2, run.status);
    assertEquals("allclose: " + folder.resolve("none") + ": expected a folder of cases\n", run.err);
  }

  @Test
  void check_ofADamagedCase_goesOnAndIsUnusable() throws IOException {
    copy(TestData.fixtures().resolve("fc_2d"), folder.resolve("a"));
    copy(TestData.fixtures().resolve("fc_3d"), folder.resolve("b"));
    Files.writeString(folder.resolve("a/inputs/x.npy"), "nonsense");
    Run run = run("check", folder.toString());
    assertEquals(2, run.status);
    assertTrue(run.err.contains("a/inputs/x.npy"), run.err);
    assertTrue(run.err.endsWith("allclose: 1 of 2 cases are unusable\n"), run.err);
    assertTrue(run.out.contains("fc_3d"), run.out);
  }

  @Test
  void predict_writesTheScoresOfTheReference() throws IOException {
    Tensor expected = NumpyTensors.read(DIGITS.resolve("expected/scores.npy"));
    for (String name : new String[] {"scores.npy", "scores.npz"}) {
      Path output = folder.resolve(name);
      Run run = run(onDigits("predict", "--output", output.toString()));
      assertEquals("", run.err);
      assertEquals(0, run.status);
      assertEquals(
          expected,
          name.endsWith("npz")
              ? NumpyTensors.readNpz(output).get("scores")
              : NumpyTensors.read(output));
    }
  }

  @Test
  void predict_inBatches_givesEverySampleOnce() throws IOException {
    Path output = folder.resolve("scores.npy");
    Run run = run(onDigits("predict", "--output", output.toString(), "--batch", "100"));
    assertEquals(0, run.status, run.err);
    Tensor expected = NumpyTensors.read(DIGITS.resolve("expected/scores.npy"));
    Tensor scores = NumpyTensors.read(output);
    assertEquals(expected.shape(), scores.shape());
    for (int i = 0; i < expected.size(); i++) {
      assertEquals(expected.unwrap()[i], scores.unwrap()[i], 1e-13);
    }
  }

  @Test
  void gradients_writesThoseOfTheReference() throws IOException {
    Path output = folder.resolve("gradients.npz");
    String labels = DIGITS.resolve("inputs/labels.npy").toString();
    Run run = run(onDigits("gradients", "--labels", labels, "--output", output.toString()));
    assertEquals("", run.err);
    assertEquals(0, run.status);
    Map<String, Tensor> entries = NumpyTensors.readNpz(output);
    assertEquals("[scores, loss, dx, fc1/W, fc1/b, fc2/W, fc2/b]", entries.keySet().toString());
    entries.forEach(
        (name, tensor) -> {
          try {
            Path file = DIGITS.resolve("expected/" + name.replace('/', '_') + ".npy");
            assertEquals(NumpyTensors.read(file), tensor, name);
          } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
        });
  }

  @Test
  void gradients_fromUpstream_haveNoLoss() throws IOException {
    Path output = folder.resolve("gradients.npz");
    String upstream = DIGITS.resolve("expected/scores.npy").toString();
    Run run = run(onDigits("gradients", "--upstream", upstream, "--output", output.toString()));
    assertEquals(0, run.status, run.err);
    assertEquals(
        "[scores, dx, fc1/W, fc1/b, fc2/W, fc2/b]",
        NumpyTensors.readNpz(output).keySet().toString());
  }

  @Test
  void gradients_inTrainingMode_drawTheMasksOfTheSeedAndUpdateStatistics() throws IOException {
    for (String name : new String[] {"dropout_training", "batchNorm_images"}) {
      Path recorded = TestData.fixtures().resolve(name);
      Path output = folder.resolve(name + ".npz");
      Run run =
          run(
              "gradients",
              "--network",
              recorded.resolve("network.json").toString(),
              "--weights",
              recorded.resolve("weights.npz").toString(),
              "--input",
              recorded.resolve("inputs/x.npy").toString(),
              "--upstream",
              recorded.resolve("inputs/upstream.npy").toString(),
              "--seed",
              "231",
              "--output",
              output.toString());
      assertEquals("", run.err);
      for (Map.Entry<String, Tensor> entry : NumpyTensors.readNpz(output).entrySet()) {
        Path file = recorded.resolve("expected/" + entry.getKey().replace('/', '_') + ".npy");
        assertEquals(NumpyTensors.read(file), entry.getValue(), entry.getKey());
      }
    }
  }

  @Test
  void gradients_ofDropoutWithoutSeed_isUnusable() {
    Path recorded = TestData.fixtures().resolve("dropout_training");
    Run run =
        run(
            "gradients",
            "--network",
            recorded.resolve("network.json").toString(),
            "--weights",
            recorded.resolve("weights.npz").toString(),
            "--input",
            recorded.resolve("inputs/x.npy").toString(),
            "--upstream",
            recorded.resolve("inputs/upstream.npy").toString(),
            "--output",
            folder.resolve("g.npz").toString());
    assertEquals(2, run.status);
    assertEquals(
        "allclose: layer 'dropout': expected a random state to draw from in training mode\n",
        run.err);
    assertFalse(Files.exists(folder.resolve("g.npz")));
  }

  @Test
  void gradients_inAnUnknownMode_isUnusable() {
    Run run =
        run(onDigits("gradients", "--labels", "y.npy", "--output", "/dev/null", "--mode", "test"));
    assertEquals(2, run.status);
    assertEquals("allclose: --mode: expected training or inference but got 'test'\n", run.err);
  }

  @Test
  void gradients_withLabelsAndUpstreamOrNeither_isUsage() {
    Run run = run(onDigits("gradients", "--output", "g.npz"));
    assertEquals(2, run.status);
    assertTrue(run.err.contains("--labels=NPY | --upstream=NPY"), run.err);
    run =
        run(onDigits("gradients", "--output", "g.npz", "--labels", "a.npy", "--upstream", "b.npy"));
    assertEquals(2, run.status);
    assertTrue(run.err.contains("mutually exclusive"), run.err);
  }

  @Test
  void predict_ofTheWrongInput_leavesTheOutputAlone() throws IOException {
    Path output = folder.resolve("scores.npy");
    Files.writeString(output, "old");
    Run run =
        run(
            "predict",
            "--network",
            DIGITS.resolve("network.json").toString(),
            "--weights",
            DIGITS.resolve("weights.npz").toString(),
            "--input",
            DIGITS.resolve("expected/scores.npy").toString(),
            "--output",
            output.toString());
    assertEquals(2, run.status);
    assertEquals("allclose: x: expected shape (n, 64) but got (297, 10)\n", run.err);
    assertEquals("old", Files.readString(output));
  }

  @Test
  void summary_printsTheTable() {
    Run run = run("summary", "--network", DIGITS.resolve("network.json").toString());
    assertEquals(0, run.status);
    assertTrue(run.out.contains("fc1    dense(100)  (n, 100)           6,500\n"), run.out);
  }

  @Test
  void show_tellsWhatIsInAFile() {
    Run run = run("show", DIGITS.resolve("inputs/labels.npy").toString());
    assertEquals("", run.err);
    assertEquals(0, run.status);
    String row = run.out.lines().skip(2).findFirst().orElseThrow();
    assertTrue(row.contains("int64  (297,)  C        0    9  [1, 7, 4, 6, ...]"), row);
  }

  @Test
  void show_ofAnNpz_hasARowForEachEntryAndJson() {
    Run run = run("show", DIGITS.resolve("weights.npz").toString());
    assertEquals(6, run.out.lines().count());
    assertTrue(run.out.contains("fc1/W  float64  (64, 100)"), run.out);
    run = run("show", "--json", DIGITS.resolve("weights.npz").toString());
    assertTrue(run.out.contains("\"entry\": \"fc2/b\""), run.out);
  }

  @Test
  void show_ofWhatIsNoNumpyFile_isUnusable() {
    Run run = run("show", DIGITS.resolve("case.json").toString());
    assertEquals(2, run.status);
    assertTrue(run.err.startsWith("allclose: " + DIGITS.resolve("case.json") + ": "), run.err);
  }

  @Test
  void convert_ofRows_writesThemAlone() throws IOException {
    Path input = folder.resolve("in.npy");
    Path output = folder.resolve("out.npy");
    Npy.write(input, NpyArray.of(new double[] {1, 2, 3, 4, 5, 6}, 3, 2));
    assertEquals(0, run("convert", input.toString(), output.toString(), "--rows", "1:3").status);
    assertEquals("<f8 (2, 2) C", Npy.header(output).toString());
    assertArrayEquals(new double[] {3, 4, 5, 6}, Npy.read(output).toDoubles());
    assertEquals(
        "allclose: --rows: "
            + input
            + ": expected rows within 0 to 3 of shape (3, 2) but got 2 to 4\n",
        unusable("convert", input.toString(), output.toString(), "--rows", "2:4"));
    assertEquals(
        "allclose: --rows: expected two row numbers, FROM:TO, but got -1\n",
        unusable("convert", input.toString(), output.toString(), "--rows", "-1"));
    Path npz = folder.resolve("in.npz");
    Npz.write(npz, Map.of("x", NpyArray.of(new double[] {1}, 1)));
    assertEquals(
        "allclose: --rows: expected a .npy file but got the .npz " + npz + "\n",
        unusable("convert", npz.toString(), folder.resolve("out.npz").toString(), "--rows", "0:1"));
  }

  private String unusable(String... arguments) {
    Run run = run(arguments);
    assertEquals(2, run.status);
    return run.err;
  }

  @Test
  void convert_rewritesAFile() throws IOException {
    Path output = folder.resolve("labels.npy");
    Path input = DIGITS.resolve("inputs/labels.npy");
    assertEquals(0, run("convert", input.toString(), output.toString()).status);
    assertEquals(-1, Files.mismatch(input, output));
  }

  @Test
  void command_withoutSubcommand_isUsage() {
    Run run = run();
    assertEquals(2, run.status);
    assertEquals("allclose: Missing required subcommand; see allclose --help\n", run.err);
  }

  @Test
  void help_isGood() {
    Run run = run("check", "--help");
    assertEquals(0, run.status);
    assertTrue(run.out.contains("testdata/fixtures"), run.out);
  }

  private static String[] onDigits(String command, String... more) {
    String[] common = {
      command,
      "--network",
      DIGITS.resolve("network.json").toString(),
      "--weights",
      DIGITS.resolve("weights.npz").toString(),
      "--input",
      DIGITS.resolve("inputs/x.npy").toString()
    };
    String[] all = java.util.Arrays.copyOf(common, common.length + more.length);
    System.arraycopy(more, 0, all, common.length, more.length);
    return all;
  }

  private static Run run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int status = Allclose.run(new PrintWriter(out), new PrintWriter(err), arguments);
    return new Run(status, out.toString(), err.toString());
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes)
              throws IOException {
            Files.createDirectories(to.resolve(from.relativize(path)));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path path, BasicFileAttributes attributes)
              throws IOException {
            Files.copy(path, to.resolve(from.relativize(path)));
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
