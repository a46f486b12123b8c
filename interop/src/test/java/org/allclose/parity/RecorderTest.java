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
import org.allclose.TestData;
import org.allclose.TestPython;
import org.allclose.TestPython.Outcome;
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
    RecordedCase recorded = RecordedCase.read(folder.resolve("cases/some/average"));
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
    RecordedCase here =
        RecordedCase.read(folder.resolve("src/test/resources/cases/moving_average"));
    RecordedCase there = RecordedCase.read(resources.resolve("cases/moving_average"));
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
        CaseFolders.below(folder.resolve("cases")).stream()
            .map(path -> path.getFileName().toString())
            .toList());
    RecordedCase second = RecordedCase.read(folder.resolve("cases/scale_2"));
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
        allclose_record: case 'forward': 'result.1.1.mode' is no number but of type str: not recorded
        allclose_record: case 'backward': argument 'cache.1.mode' is no number but of type str: noted,\
         not recorded as an input
        """,
        outcome
            .output()
            .lines()
            .filter(line -> line.startsWith("allclose_record: "))
            .map(line -> line + "\n")
            .collect(Collectors.joining()));
    RecordedCase forward = RecordedCase.read(folder.resolve("cases/forward"));
    assertEquals(Set.of("result.0", "result.1.1.w"), forward.expected().keySet());
    RecordedCase backward = RecordedCase.read(folder.resolve("cases/backward"));
    assertArrayEquals(new double[] {0, 1, 2, 3}, new ParityCase(backward).array("cache.1.b"));
    assertArrayEquals(
        new double[] {12, 14, 16, 18}, backward.expected("result.1.1").value().toArray());
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
    RecordedCase recorded = RecordedCase.read(folder.resolve("cases/one"));
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
    Files.createDirectories(folder.resolve("cases/a/mine"));
    assertRefused(
        "with recorder('a', 'cases') as r:\n    r.expect(x=1.0)\n",
        folder.toRealPath().resolve("cases/a")
            + ": expected a case or nothing there but got another folder");
    assertTrue(Files.exists(folder.resolve("cases/a/mine")));
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
    RecordedCase recorded = RecordedCase.read(folder.resolve("cases/digits7"));
    assumeTrue(
        recorded.recorded().get("mode").equals("strict"),
        () -> "skipped: this numpy has no strict mode: " + recorded.recorded());
    CaseReport report = Replay.run(recorded);
    assertEquals(8, report.tensors().size());
    assertEquals(3, report.layers().size());
    assertTrue(report.matches(), () -> ReportTable.print(List.of(report)));
  }

  private void assertRefused(String program, String message) throws Exception {
    Outcome outcome = record(program);
    assertEquals(1, outcome.status(), outcome.output());
    String[] lines = outcome.output().strip().split("\n", -1);
    assertEquals(message, lines[lines.length - 1].replaceFirst("^my_recording\\.py:[0-9]+: ", ""));
    assertFalse(outcome.output().contains("Traceback"), outcome.output());
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
