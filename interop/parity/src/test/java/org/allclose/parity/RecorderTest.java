package org.allclose.parity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.allclose.TestData;
import org.allclose.TestPython;
import org.allclose.TestPython.Outcome;
import org.allclose.parity.recording.Match;
import org.allclose.parity.recording.RecordedCase;
import org.allclose.parity.report.CaseReport;
import org.allclose.parity.report.ReportFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Records cases with {@code allclose_record.py} and reads them; skipped where there is no numpy.
 */
@Tag("slow")
class RecorderTest {
  private static final String RECORDER = TestPython.script("allclose_record.py");

  @TempDir Path folder;

  private TestPython python;

  @BeforeEach
  void requireNumpy() throws Exception {
    python = TestPython.with("numpy");
  }

  @Test
  void recorder_writesACaseThatReadsBack() throws Exception {
    Outcome outcome =
        record(
            """
            with recorder("some/average", "cases", function="average") as r:
                r.input(x=np.arange(5.0), labels=[1, 2], width=3)
                r.expect(y=np.array([1.0, 2.0, 3.0]), match={"ulps": 1}, reason="sums in another order")
                r.expect(total=np.float64(0.1) + 0.2)
                r.note(scipy="1.0")
            """);
    assertEquals(
        new Outcome(0, "recorded 1 case, twice with the same bytes"), withoutWarnings(outcome));
    RecordedCase recorded = CaseFile.read(folder.resolve("cases/some/average"));
    assertEquals("some/average", recorded.name());
    assertEquals("average", recorded.function().orElseThrow());
    ParityCase parity = new ParityCase(recorded);
    assertArrayEquals(new double[] {0, 1, 2, 3, 4}, parity.array("x"));
    assertArrayEquals(new int[] {1, 2}, parity.integers("labels"));
    assertEquals(3, parity.number("width"));
    assertEquals(Match.ulps(1), recorded.expected("y").match());
    assertEquals("sums in another order", recorded.expected("y").reason());
    assertEquals(Match.EXACT, recorded.expected("total").match());
    assertEquals(0.30000000000000004, recorded.expected("total").value().get());
    assertEquals("1.0", recorded.recorded().get("scipy"));
    assertEquals("my_recording.py", recorded.recorded().get("script"));
    assertTrue(
        recorded
            .recorded()
            .keySet()
            .containsAll(List.of("numpy", "blas", "libc", "python", "machine", "mode")),
        recorded.recorded().toString());
  }

  @Test
  void exampleOfTheReadme_recordsTheCommittedCase() throws Exception {
    Path resources = Path.of("src/test/resources").toAbsolutePath();
    String program = resources.resolve("record_moving_average.py").toString();
    Outcome outcome = python.run(folder, RECORDER, program);
    assertEquals(
        new Outcome(0, "recorded 1 case, twice with the same bytes"), withoutWarnings(outcome));
    RecordedCase here = CaseFile.read(folder.resolve("src/test/resources/cases/moving_average"));
    RecordedCase there = CaseFile.read(resources.resolve("cases/moving_average"));
    assertEquals(there.input("x"), here.input("x"));
    assertEquals(there.expected("y"), here.expected("y"));
  }

  @Test
  void decorator_recordsTheFirstCalls() throws Exception {
    record(
        """
        @recorded("cases", cases=2, match={"rtol": 1e-9, "atol": 0})
        def scale(x, factor=2.0, mode="plain"):
            x *= factor
            return x, np.sum(x)

        for k in range(3):
            scale(np.arange(2.0) + k, factor=3)
        """);
    assertEquals(
        List.of("scale", "scale_2"),
        CaseFile.below(folder.resolve("cases")).stream()
            .map(path -> path.getFileName().toString())
            .toList());
    RecordedCase second = CaseFile.read(folder.resolve("cases/scale_2"));
    ParityCase parity = new ParityCase(second);
    assertArrayEquals(new double[] {1, 2}, parity.array("x"));
    assertEquals(3, parity.number("factor"));
    assertArrayEquals(new double[] {3, 6}, second.expected("result.0").value().toArray());
    assertEquals(9, second.expected("result.1").value().get());
    assertEquals(Match.tolerance(1e-9, 0), second.expected("result.0").match());
    assertEquals("{\"mode\":\"plain\"}", second.recorded().get("arguments"));
  }

  /** As cs231n's layers return and take them: {@code out, cache} and {@code dout, cache}. */
  @Test
  void tuplesAndCaches_areRecordedByTheirPaths() throws Exception {
    Outcome outcome =
        record(
            """
            def affine_forward(x, w, b):
                return x.dot(w) + b, (x, {"w": w, "b": b, "mode": "train"})

            def affine_backward(dout, cache):
                x, rest = cache
                return dout.dot(rest["w"].T), [x.T.dot(dout), dout.sum(axis=0)]

            x, w, b = np.ones((2, 3)), np.full((3, 4), 2.0), np.arange(4.0)
            with recorder("forward", "cases") as r:
                out, cache = r.call(affine_forward, x=x, w=w, b=b, compare=["result.0", "result.1.1.w"])
            with recorder("backward", "cases") as r:
                r.call(affine_backward, dout=out, cache=cache)
            """);
    assertEquals(0, outcome.status(), outcome.output());
    assertEquals(
        """
        allclose_record: case 'forward': 'result.1.1.mode' is text: noted, not compared
        allclose_record: case 'backward': argument 'cache.1.mode' is text: noted, not recorded as an input
        """,
        said(outcome));
    RecordedCase forward = CaseFile.read(folder.resolve("cases/forward"));
    assertEquals(Set.of("result.0", "result.1.1.w"), forward.expected().keySet());
    RecordedCase backward = CaseFile.read(folder.resolve("cases/backward"));
    assertArrayEquals(new double[] {0, 1, 2, 3}, new ParityCase(backward).array("cache.1.b"));
    assertArrayEquals(
        new double[] {12, 14, 16, 18}, backward.expected("result.1.1").value().toArray());
  }

  /** The same words in both runs: the address of a function is another in each. */
  @Test
  void whatIsNoNumber_isSaidAndNoted() throws Exception {
    Outcome outcome =
        record(
            """
            def apply(x, function, owner, empty):
                return function(x), "relu", None, {}

            with recorder("apply", "cases") as r:
                r.call(apply, x=np.ones(2), function=lambda x: 2 * x, owner=object(), empty={})
            """);
    assertEquals(0, outcome.status(), outcome.output());
    assertEquals(
        """
        allclose_record: case 'apply': argument 'function' is a function: noted, not recorded as an input
        allclose_record: case 'apply': argument 'owner' is an object of type object: noted, not recorded\
         as an input
        allclose_record: case 'apply': argument 'empty' is a dict of 0: noted, not recorded as an input
        allclose_record: case 'apply': 'result.1' is text: noted, not compared
        allclose_record: case 'apply': 'result.2' is None: noted, not compared
        allclose_record: case 'apply': 'result.3' is a dict of 0: noted, not compared
        """,
        said(outcome));
    RecordedCase recorded = CaseFile.read(folder.resolve("cases/apply"));
    assertEquals(Set.of("result.0"), recorded.expected().keySet());
    assertEquals(
        "{\"function\":\"<lambda>\",\"owner\":\"an object of type object\","
            + "\"empty\":\"a dict of 0\"}",
        recorded.recorded().get("arguments"));
    assertEquals(
        "{\"result.1\":\"relu\",\"result.2\":\"None\",\"result.3\":\"a dict of 0\"}",
        recorded.recorded().get("results"));
  }

  @Test
  void namesThatFilesCannotHave_areOnesOfTheCase() throws Exception {
    record(
        """
        with recorder("names", "cases") as r:
            r.call(lambda weights: {"a/b": 1.0, "a_b": 2.0, "A B": 3.0, "../b": 4.0}, weights={"x y": 5.0, "x_y": 6.0})
        """);
    RecordedCase recorded = CaseFile.read(folder.resolve("cases/names"));
    double value = 1;
    for (String name : new String[] {"a/b", "a_b", "A B", "../b"}) {
      assertEquals(value++, recorded.expected(name).value().get());
    }
    for (String name : new String[] {"weights.x y", "weights.x_y"}) {
      assertEquals(value++, recorded.input(name).get());
    }
    assertEquals(Set.of("my_recording.py", "cases"), names(folder));
  }

  /** A second call that writes where the first one's result is would compare it with itself. */
  @Test
  void memoryThatTheSecondCallUsesAgain_isNoProof() throws Exception {
    assertRefused(
        """
        total = np.zeros(2)

        def add(x):
            total[:] += x
            return total

        with recorder("add", "cases") as r:
            r.call(add, x=1.0)
        """,
        "case 'add': expected the same bits from a second call but got others; seed inside the"
            + " function what is random");
  }

  @Test
  void otherNumbersInTheSecondRun_areAnError() throws Exception {
    Outcome outcome =
        record(
            """
            with recorder("random", "cases") as r:
                r.expect(y=np.random.rand(3))
            """);
    assertEquals(1, outcome.status(), outcome.output());
    assertTrue(
        outcome
            .output()
            .endsWith(
                "recorded twice: expected the same files but these differ:\n  "
                    + folder.toRealPath().resolve("cases/random/expected/y.npy")
                    + "\n"),
        outcome.output());
  }

  @Test
  void otherNumbersInTheSecondCall_areAnError() throws Exception {
    Outcome outcome =
        record(
            """
            @recorded("cases")
            def draw(n):
                return np.random.rand(n)

            draw(3)
            """);
    assertEquals(1, outcome.status(), outcome.output());
    assertTrue(
        outcome
            .output()
            .endsWith(
                "my_recording.py:7: case 'draw': expected the same bits from a second call but got"
                    + " others; seed inside the function what is random\n"),
        outcome.output());
    assertFalse(Files.exists(folder.resolve("cases")));
  }

  @Test
  void naturalMode_warns() throws Exception {
    Path script = script("with recorder('one', 'cases') as r:\n    r.expect(y=1.5)\n");
    Outcome outcome =
        python.run(
            folder,
            Map.of(
                "PYTHONPATH",
                Path.of(RECORDER).getParent().toString(),
                "OPENBLAS_NUM_THREADS",
                "2"),
            script.toString());
    assertEquals(0, outcome.status(), outcome.output());
    assertTrue(
        outcome.output().contains("UserWarning: case 'one' is recorded in natural mode ("),
        outcome.output());
    assertTrue(
        outcome
            .output()
            .contains("; python3 allclose_record.py my_recording.py records in strict mode"),
        outcome.output());
    RecordedCase recorded = CaseFile.read(folder.resolve("cases/one"));
    assertEquals("natural", recorded.recorded().get("mode"));
    assertTrue(recorded.recorded().containsKey("kernels"));
  }

  @Test
  void whatCannotBeACase_isRefused() throws Exception {
    assertRefused(
        "recorder('../up', 'cases').__enter__()",
        "case name: expected letters, digits, '_', '-', '.' and '/' but got '../up'");
    assertRefused(
        "with recorder('a', 'cases') as r:\n    r.input(x=1.0)\n",
        "case 'a': expected at least one result but got none");
    assertRefused(
        "with recorder('a', 'cases') as r:\n    r.expect(x='text')\n",
        "case 'a': x: expected numbers but got dtype <U4");
    assertRefused(
        "with recorder('a', 'cases') as r:\n    r.expect(x=1.0, match='near')\n",
        "match: expected 'exact', {'rounding': k}, {'ulps': k}, {'rtol': r, 'atol': a} or"
            + " {'zeros': 'equal'} but got 'near'");
    assertRefused(
        "with recorder('a', 'cases') as r:\n    r.input(x=1.0)\n    r.input(x=1.0)\n",
        "case 'a': x: expected it to be recorded once");
    assertRefused(
        "with recorder('a', 'cases') as r:\n    r.expect(x=1.0, match={'ulps': -1})\n",
        "match: expected 'exact', {'rounding': k}, {'ulps': k}, {'rtol': r, 'atol': a} or"
            + " {'zeros': 'equal'} but got {'ulps': -1}");
    assertRefused(
        """
        import threading
        with recorder('a', 'cases') as r:
            r.call(len, obj=threading.Lock())
        """,
        "case 'a': expected arguments that can be copied but got TypeError: cannot pickle"
            + " '_thread.lock' object");
    assertRefused(
        "with recorder('a', 'cases') as r:\n    r.call(lambda x: (i for i in x), x=[1, 2])\n",
        "case 'a': expected numbers among the results but got an object of type generator");
    assertRefused(
        "with recorder('a', 'cases') as r:\n    r.call(lambda x: (x, x), x=1.0, compare=['out'])\n",
        "case 'a': compare: expected results among ['result.0', 'result.1'] but got 'out'");
    Files.createDirectories(folder.resolve("cases/a/mine"));
    assertRefused(
        "with recorder('a', 'cases') as r:\n    r.expect(x=1.0)\n",
        folder.toRealPath().resolve("cases/a")
            + ": expected a case or nothing there but got another folder");
    assertTrue(Files.exists(folder.resolve("cases/a/mine")));
  }

  @Test
  void whatJavaCouldNotRun_isRefused() throws Exception {
    assertRefused(network("", ""), "layers: expected at least one but got none");
    assertRefused(
        network("{'type': 'relu', 'name': 'a b'}", ""),
        "layer 1: expected a name of letters, digits, '_', '-' and '.' but got 'a b'");
    assertRefused(
        network("{'type': 'relu', 'name': 'a'}, {'type': 'tanh', 'name': 'a'}", ""),
        "layer 2 'a': expected a name not used yet");
    assertRefused(
        network("{'type': 'dropout', 'name': 'd', 'keep': 0.0}", ""),
        "layer 1 'd': dropout: expected to keep with a probability above 0 and at most 1 but got 0.0");
    assertRefused(
        network("{'type': 'dense', 'name': 'a'}", ""),
        "layer 1 'a': dense: expected the key 'units'");
    String dense = "{'type': 'dense', 'name': 'a', 'units': 2}";
    assertRefused(
        network(dense, "'a/W': np.ones((3, 2)), 'a/bias': np.ones(2)"),
        "weights: expected ['a/W', 'a/b'] but got ['a/W', 'a/bias']");
    assertRefused(
        network(dense, "'a/W': np.ones((2, 3)), 'a/b': np.ones(2)"),
        "weights: a/W: expected shape (3, 2) but got (2, 3)");
    String weights = "'a/W': np.ones((3, 2)), 'a/b': np.ones(2)";
    assertRefused(
        network(dense, weights, "x=np.ones((4, 2))"),
        "x: expected shape (N, 3), of at least one sample, but got (4, 2)");
    assertRefused(
        network(dense, weights, "x=np.ones((4, 3)), labels=[0, 1, 2, 0]"),
        "labels[2]: expected a class from 0 to 1 but got 2");
    assertRefused(
        network(dense, weights, "x=np.ones((4, 3)), upstream=np.ones(4)"),
        "upstream: expected shape (4, 2) but got (4,)");
    assertRefused(
        network(dense + ", {'type': 'maxPool2d', 'name': 'p', 'size': 2}", weights),
        "layer 2 'p': maxPool2d: expected input of shape (N, channels, height, width) but got (N, 2)");
    assertRefused(
        network(dense, weights, "x=np.ones((4, 3))")
            .replace(
                "dict(x=np.ones((4, 3)))", "dict(x=np.ones((4, 3))), {'scores': 1.0, 'dx': 1.0}"),
        "case 'n': expected scores alone, since there are no labels, targets or upstream, but got"
            + " ['dx', 'scores']");
    assertFalse(Files.exists(folder.resolve("cases")));
  }

  @Test
  void forwardPassAlone_hasScoresAndOutputs() throws Exception {
    Outcome outcome =
        record(
            network(
                "{'type': 'dense', 'name': 'a', 'units': 2}, {'type': 'relu', 'name': 'r'}",
                "'a/W': np.ones((3, 2)), 'a/b': -np.ones(2)",
                "x=np.eye(4, 3)"));
    assertEquals(0, outcome.status(), outcome.output());
    RecordedCase recorded = CaseFile.read(folder.resolve("cases/n"));
    assertEquals(Set.of("scores"), recorded.expected().keySet());
    assertEquals(Set.of("a", "r"), recorded.outputs().keySet());
    assertEquals(Set.of(), recorded.inputGradients().keySet());
    assertFalse(recorded.hasInput("upstream"));
  }

  @Test
  void missingFrameworks_areRefused() throws Exception {
    for (String framework : new String[] {"torch", "tensorflow"}) {
      String caller = framework.equals("torch") ? "from_torch" : "from_keras";
      Outcome outcome =
          record(
              """
              import sys
              sys.modules["%s"] = None
              import allclose_record
              allclose_record.%s(None, "a", "cases", [[1.0]])
              """
                  .formatted(framework, caller));
      assertEquals(1, outcome.status(), outcome.output());
      assertTrue(
          outcome
              .output()
              .contains(
                  ": %s: expected a Python with %s but got ModuleNotFoundError: import of %s halted"
                      .formatted(caller, framework, framework)),
          outcome.output());
      assertFalse(outcome.output().contains("Traceback"), outcome.output());
    }
  }

  private static String network(String layers, String weights) {
    return network(layers, weights, "x=np.ones((4, 3)), upstream=np.ones((4, 2))");
  }

  /** Returns a program that records a network for samples of three values. */
  private static String network(String layers, String weights, String inputs) {
    return """
        layers = [%s]
        network = {"format": "allclose-network/1", "input": [3], "layers": layers, "loss": {"type": "softmax"}}
        record_network("n", "cases", network, {%s}, dict(%s))
        """
        .formatted(layers, weights, inputs);
  }

  @Test
  void networkOfTheReference_isReplayedExactly() throws Exception {
    Path digits = TestData.fixtures().resolve("digits").toAbsolutePath().normalize();
    Outcome outcome =
        record(
            String.format(
                Locale.ROOT,
                """
            case = %s
            inputs = {"x": np.load(case + "/inputs/x.npy")[:7],
                      "labels": np.load(case + "/inputs/labels.npy")[:7]}
            record_network("digits7", "cases", case + "/network.json", case + "/weights.npz", inputs)
            """,
                "'" + digits + "'"));
    assertEquals(0, outcome.status(), outcome.output());
    RecordedCase recorded = CaseFile.read(folder.resolve("cases/digits7"));
    assumeTrue(
        recorded.recorded().get("mode").equals("strict"),
        () -> "skipped: this numpy has no strict mode: " + recorded.recorded());
    CaseReport report = CaseRunner.run(recorded);
    assertEquals(8, report.tensors().size());
    assertEquals(3, report.layers().size());
    assertTrue(report.matches(), () -> ReportFormat.TABLE.print(List.of(report)));
  }

  private void assertRefused(String program, String message) throws Exception {
    Outcome outcome = record(program);
    assertEquals(1, outcome.status(), outcome.output());
    String[] lines = outcome.output().strip().split("\n", -1);
    assertEquals(message, lines[lines.length - 1].replaceFirst("^my_recording\\.py:[0-9]+: ", ""));
    assertFalse(outcome.output().contains("Traceback"), outcome.output());
  }

  /** Returns what the recorder told the user, line by line. */
  private static String said(Outcome outcome) {
    return outcome
        .output()
        .lines()
        .filter(line -> line.startsWith("allclose_record: "))
        .map(line -> line + "\n")
        .collect(Collectors.joining());
  }

  private static Set<String> names(Path folder) throws IOException {
    try (Stream<Path> paths = Files.list(folder)) {
      return paths.map(path -> path.getFileName().toString()).collect(Collectors.toSet());
    }
  }

  private Path script(String program) throws IOException {
    return Files.writeString(
        folder.resolve("my_recording.py"),
        "import numpy as np\n"
            + "from allclose_record import record_network, recorded, recorder\n"
            + program);
  }

  private Outcome record(String program) throws Exception {
    return python.run(folder, RECORDER, script(program).toString());
  }

  /** Drops the warning of a numpy that has no strict mode. */
  private static Outcome withoutWarnings(Outcome outcome) {
    return new Outcome(
        outcome.status(),
        outcome.output().substring(outcome.output().indexOf("recorded 1 case")).strip());
  }
}
