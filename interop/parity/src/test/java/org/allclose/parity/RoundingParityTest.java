package org.allclose.parity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.allclose.Parameters;
import org.allclose.TestData;
import org.allclose.jnpy.Npy;
import org.allclose.jnpy.NpyArray;
import org.allclose.parity.recording.Difference;
import org.allclose.parity.recording.FloatFormat;
import org.allclose.parity.recording.Match;
import org.allclose.parity.recording.RecordedCase;
import org.allclose.parity.report.CaseReport;
import org.allclose.parity.report.ReportFormat;
import org.allclose.parity.report.SmallestChange;
import org.allclose.parity.report.TensorReport;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.allclose.weights.NumpyTensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The match of rounding errors: right models match, wrong ones do not, and what it claims to see it
 * sees. {@code record_rounding.py} recorded the models of {@code testdata/rounding}, {@code
 * record_torch.py} and {@code record_keras.py} those of the frameworks.
 */
class RoundingParityTest {
  private static final Path ROUNDING = TestData.folder().resolve("rounding");

  @TempDir Path folder;

  static Stream<Path> frameworks() throws IOException {
    List<Path> torch = CaseFile.below(TestData.fixtures().resolve("torch"));
    List<Path> keras = CaseFile.below(TestData.fixtures().resolve("keras"));
    assertTrue(torch.size() >= 3 && keras.size() >= 3);
    return Stream.concat(torch.stream(), keras.stream());
  }

  static Stream<Path> models() throws IOException {
    List<Path> rounding = CaseFile.below(ROUNDING);
    assertEquals(5, rounding.size());
    return Stream.concat(frameworks(), rounding.stream());
  }

  /** A quarter of what is usually allowed. */
  @ParameterizedTest
  @MethodSource("models")
  void modelsOfFrameworks_areWithinFourRoundingErrors(Path model) throws IOException {
    assertMatches(CaseRunner.run(read(model, 4)));
  }

  /** Gradients that vanish in exact arithmetic are wrong in every digit, and yet right. */
  @Test
  void vanishingGradients_andLossesFarBelowTheirTerms_match() throws IOException {
    TensorReport bias = tensor(CaseRunner.run(read("vanishing")), "0/b");
    assertTrue(bias.difference().orElseThrow().normwiseUlps() > 1e15);
    assertTrue(bias.matches());
    for (String gradient : new String[] {"dx", "0/W", "0/b"}) {
      TensorReport vanishing = tensor(CaseRunner.run(read("head")), gradient);
      assertTrue(vanishing.difference().orElseThrow().normwiseUlps() > 1e15);
      assertTrue(vanishing.matches());
    }
    TensorReport loss = tensor(CaseRunner.run(read("sure")), "loss");
    assertTrue(loss.difference().orElseThrow().normwiseUlps() > 50_000);
    assertTrue(loss.matches());
  }

  /** The recording is of float32 all through; Java computes in float64 from the same weights. */
  @Test
  void recordingInFloat32_isMeasuredInItsUnits() throws IOException {
    CaseReport report = CaseRunner.run(read("single"));
    assertMatches(report);
    TensorReport scores = tensor(report, "scores");
    assertEquals(FloatFormat.FLOAT32, scores.expectation().format());
    assertTrue(scores.explain().contains(" float32 ulps, "), scores.explain());
    assertTrue(scores.difference().orElseThrow().normwiseUlps() < 2);
    assertFalse(scores.difference().orElseThrow().absolute() < 1e-9);
    SmallestChange change = Sensitivity.of(read("single"), report).orElseThrow();
    assertTrue(change.median() > 1e-8 && change.median() < 1e-4, change.toString());
  }

  /** The recording adds the features from the last to the first, which changes two signs. */
  @Test
  void decisionsThatFallTheOtherWay_areToldAndReplayed() throws IOException {
    CaseReport report = CaseRunner.run(read("kink"));
    assertMatches(report);
    assertEquals(2, report.kinks().size());
    String expected =
        "kink: layer 'relu1' decides the other way at (6, 3), where its input is"
            + " -1.1102230246251565E-16 as recorded and 9.873820005464443E-19 in Java: the"
            + " difference is rounding";
    assertEquals(expected, report.kinks().get(1));
  }

  /** Without the decisions gradients are wrong by a whole sample's part. */
  @Test
  void decisionsThatFallTheOtherWay_areNotRoundingErrors() throws IOException {
    RecordedCase recorded = read("kink");
    Tensor gradient = CaseRunner.results(recorded).tensors().get("fc1/W");
    CaseReport report = CaseRunner.run(recorded);
    assertTrue(tensor(report, "fc1/W").shareOfLimit(gradient) > 1e10);
  }

  /** A wrong weight behind a kink is found, and the kink is told beside it. */
  @Test
  void kink_doesNotExcuseAWrongWeight() throws IOException {
    RecordedCase wrong = changed(read("kink"), "fc2/W", 4, 1e-12);
    CaseReport report = CaseRunner.run(wrong);
    assertFalse(report.matches());
    assertTrue(report.explain().containsAll(report.kinks()));
    assertEquals(2, report.kinks().size());
  }

  @Test
  void failure_isToldInUnitsOfRounding() throws IOException {
    CaseReport report = CaseRunner.run(changed(read("sure"), "0/W", 0, 1e-11));
    assertFalse(report.matches());
    String scores = report.explain().get(0);
    assertTrue(
        scores.matches(
            "scores\\([0-9], 0\\): expected .* but got .* \\(match rounding 16; [0-9e+.]+ times the"
                + " rounding error of its terms; absolute error .*"),
        scores);
  }

  @ParameterizedTest
  @MethodSource("models")
  void changeOfTenTimesTheSmallest_isSeen_andOfATenthIsNot(Path model) throws IOException {
    RecordedCase recorded = read(model, 16);
    CaseReport report = CaseRunner.run(recorded);
    SmallestChange change = Sensitivity.of(recorded, report).orElseThrow();
    assertEquals(change, Sensitivity.of(recorded, report).orElseThrow());
    String[] place = change.hardest().split("[(]", 2);
    Parameters parameters = recorded.network().orElseThrow().parameters();
    Shape shape = parameters.get(place[0]).shape();
    int element = 0;
    while (!Difference.index(shape, element).equals("(" + place[1])) {
      element++;
    }
    double size = change.largest();
    assertFalse(CaseRunner.run(changed(recorded, place[0], element, 10 * size)).matches());
    assertMatches(CaseRunner.run(changed(recorded, place[0], element, size / 10)));
  }

  /** Each planted fault is a fault under this match as well, but for what changes no number. */
  @Test
  void plantedFaults_areFound() throws IOException {
    List<Path> faults = CaseFile.below(TestData.folder().resolve("faults"));
    assertTrue(faults.size() >= 33);
    for (Path fault : faults) {
      assertFalse(CaseRunner.run(read(fault, 16)).matches(), fault.toString());
    }
  }

  @Test
  void caseOfInputsAlone_isReplayedForward() throws IOException {
    RecordedCase forward = forwardOnly("\"scores\"");
    CaseReport report = CaseRunner.run(forward);
    assertMatches(report);
    assertEquals(1, report.tensors().size());
    assertNotEquals(0, report.layers().size());
    assertMatches(CaseRunner.run(forward.withMatch(Match.rounding(16))));
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> CaseRunner.run(forwardOnly("\"fc1/b\"")));
    assertEquals(
        "case 'single': 'fc1/b': expected labels, targets or upstream among the inputs but got x"
            + " alone: only [scores] and outputs of layers are computed without",
        e.getMessage());
  }

  /** In float32 the scores 1 and 1 + 2^-30 are equal, and the first is the largest. */
  @Test
  void accuracy_mayDifferBySamplesThatRoundingDecides() throws IOException {
    assertMatches(CaseRunner.run(ofTwoSamples(1 + 0x1p-30)));
    CaseReport plain = CaseRunner.run(ofTwoSamples(1 + 0x1p-10));
    assertTrue(tensor(plain, "scores").matches());
    assertFalse(tensor(plain, "accuracy").matches());
  }

  /** Writes a case whose scores are its inputs, and whose accuracy is that of scores 1 and less. */
  private RecordedCase ofTwoSamples(double second) throws IOException {
    Tensor x = Tensor.matrix(new double[] {1, second}, new double[] {2, 1});
    NumpyTensors.write(folder.resolve("x.npy"), x);
    NumpyTensors.write(folder.resolve("labels.npy"), Tensor.vector(0, 0));
    NumpyTensors.write(folder.resolve("accuracy.npy"), Tensor.scalar(1));
    float[] scores = {1, (float) second, 2, 1};
    Npy.write(folder.resolve("scores.npy"), NpyArray.of(scores, 2, 2));
    Tensor identity = Tensor.matrix(new double[] {1, 0}, new double[] {0, 1});
    NumpyTensors.writeNpz(folder.resolve("weights.npz"), Map.of("fc/W", identity));
    Files.writeString(
        folder.resolve(CaseFile.FILE),
        """
        {"format": "allclose-case/1", "name": "two",
         "network": {"format": "allclose-network/1", "input": [2], "loss": {"type": "softmax"},
                     "layers": [{"type": "dense", "name": "fc", "units": 2, "bias": false}]},
         "weights": "weights.npz", "inputs": {"x": "x.npy", "labels": "labels.npy"},
         "expected": {"scores": {"file": "scores.npy", "match": {"rounding": 16}},
                      "accuracy": {"file": "accuracy.npy", "match": {"rounding": 16}}},
         "recorded": {}}
        """);
    return CaseFile.read(folder);
  }

  /** Returns a recorded case with x alone, and with one of its expected tensors. */
  private RecordedCase forwardOnly(String tensor) throws IOException {
    Path copy = folder.resolve("forward");
    Path single = ROUNDING.resolve("single");
    if (!Files.exists(copy)) {
      try (Stream<Path> paths = Files.walk(single)) {
        for (Path path : paths.toList()) {
          Files.copy(path, copy.resolve(single.relativize(path).toString()));
        }
      }
    }
    String file = tensor.replace("\"", "").replace("/", "_");
    Files.writeString(
        copy.resolve(CaseFile.FILE),
        """
        {"format": "allclose-case/1", "name": "single", "network": "network.json",
         "weights": "weights.npz", "inputs": {"x": "inputs/x.npy"},
         "expected": {%s: {"file": "expected/%s.npy", "match": {"rounding": 16}}},
         "outputs": {"relu1": {"file": "outputs/relu1.npy", "match": {"rounding": 16}}},
         "recorded": {}}
        """
            .formatted(tensor, file));
    return CaseFile.read(copy);
  }

  private static RecordedCase changed(
      RecordedCase recorded, String parameter, int element, double relative) {
    Map<String, Tensor> parameters =
        new LinkedHashMap<>(recorded.network().orElseThrow().parameters().asMap());
    Tensor values = parameters.get(parameter).copy();
    values.unwrap()[element] *= 1 + relative;
    parameters.put(parameter, values);
    return recorded.withWeights(spec -> Parameters.wrap(parameters));
  }

  private static RecordedCase read(String name) throws IOException {
    return CaseFile.read(ROUNDING.resolve(name));
  }

  private static RecordedCase read(Path folder, double k) throws IOException {
    return CaseFile.read(folder).withMatch(Match.rounding(k));
  }

  private static TensorReport tensor(CaseReport report, String name) {
    return report.numbers().stream().filter(t -> t.name().equals(name)).findFirst().orElseThrow();
  }

  private static void assertMatches(CaseReport report) {
    assertTrue(report.matches(), () -> ReportFormat.TABLE.print(List.of(report)));
  }
}
