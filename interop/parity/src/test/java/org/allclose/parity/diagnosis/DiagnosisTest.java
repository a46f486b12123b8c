package org.allclose.parity.diagnosis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.allclose.TestData;
import org.allclose.parity.CaseFile;
import org.allclose.parity.CaseRunner;
import org.allclose.parity.recording.Match;
import org.allclose.parity.recording.RecordedCase;
import org.allclose.parity.report.CaseReport;
import org.allclose.parity.report.ReportFormat;
import org.allclose.parity.report.TensorReport;
import org.allclose.weights.NumpyWeights;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Replays networks whose recording makes a mistake on purpose; {@code record_faults.py} says which.
 */
class DiagnosisTest {
  private static final Path FAULTS = TestData.folder().resolve("faults");

  @TempDir Path folder;

  /** The fault, the first layer that diverges forward, from the end backward, and the hints. */
  private static Stream<Arguments> faults() {
    return Stream.of(
        found("ascending", "", "fc1", "'dx', 'fc1/b': the recorded gradient has the other sign"),
        found(
            "batch_statistics",
            "norm1",
            "",
            "layer 'norm1': another mode: the recording normalizes with the batch's mean and"
                + " variance"),
        found(
            "dropout_in_inference",
            "drop1",
            "",
            "layer 'drop1': another mode: the recording multiplies by 0.8"),
        found(
            "l2_without_half",
            "",
            "fc2",
            "'loss': the recorded L2 penalty is l2 * sum(W * W), without the factor 0.5",
            "'fc1/W', 'fc2/W': the recorded L2 gradient is 2 * l2 * W, not l2 * W"),
        found(
            "other_keep",
            "drop1",
            "fc1",
            "layer 'drop1': another probability: the recording keeps with 0.5, the network with"
                + " 0.8"),
        found(
            "other_mask",
            "drop1",
            "",
            "layer 'drop1': another mask: the recording draws other random numbers"),
        found(
            "softmax_in_network_and_loss",
            "",
            "",
            "'loss': softmax is applied twice in the network: by layer 'softmax1' and by the"
                + " softmax loss"),
        found(
            "transposed_gradient",
            "",
            "head",
            "'head/W', 'fc1/W': the recorded gradient is transposed"),
        found(
            "bgr",
            "conv1",
            "fc1",
            "layer 'conv1': the channel order is swapped: last to first, as BGR is of RGB"),
        found(
            "channels_last_flatten",
            "fc1",
            "fc1",
            "layer 'fc1': the channel order is swapped: the recording flattens (height, width, channel), but the rows of W are in the order (channel, height, width)"),
        found(
            "channels_last_rows",
            "fc1",
            "fc1",
            "layer 'fc1': the channel order is swapped: the rows of W are in the order (height, width, channel), as channels-last frameworks flatten, not (channel, height, width)"),
        found(
            "drop_for_keep",
            "drop1",
            "fc1",
            "layer 'drop1': the probabilities to keep and to drop are confused: the recording keeps with 0.2, the network with 0.8"),
        found(
            "epsilon",
            "norm1",
            "norm1",
            "layer 'norm1': another epsilon: the recording has 0.001, the network 1.0E-5"),
        found(
            "epsilon_group_norm",
            "norm1",
            "norm1",
            "layer 'norm1': another epsilon: the recording has 0.001, the network 1.0E-5"),
        found(
            "epsilon_layer_norm",
            "norm1",
            "norm1",
            "layer 'norm1': another epsilon: the recording has 1.0E-6, the network 1.0E-5"),
        found(
            "flipped_kernel",
            "conv1",
            "fc1",
            "layer 'conv1': the kernels are flipped: the recording convolves, it does not correlate"),
        found(
            "float32",
            "fc1",
            "",
            "'scores' was recorded in float32, which holds about 7 digits: record it in float64, or with a match of that size"),
        found(
            "mode",
            "norm1",
            "",
            "layer 'norm1': another mode: the recording normalizes with the running mean and variance"),
        found(
            "momentum",
            "",
            "",
            "'norm1/runningMean': the momentum is confused: the recording keeps 0.1 of the running statistic, the network 0.9"),
        found(
            "no_bias_in_network",
            "fc1",
            "fc2",
            "layer 'fc1': a bias is missing: the recording adds one number to each unit, but the layer has no bias"),
        found(
            "no_bias_recorded",
            "fc1",
            "fc2",
            "layer 'fc1': a bias is missing: the recording does not add b"),
        found(
            "no_dropout",
            "drop1",
            "fc1",
            "layer 'drop1': another mode: the recording does not drop anything"),
        found(
            "no_penalty",
            "",
            "fc2",
            "'loss': the recorded loss has no L2 penalty",
            "'fc1/W', 'fc2/W': the recorded gradient has no L2 penalty"),
        found("no_relu", "relu1", "fc2", "layer 'relu1': the recording has no relu here"),
        found(
            "running_variance",
            "",
            "",
            "'norm1/runningVariance': running variance is updated with the unbiased variance, as PyTorch does; the network has biased variance"),
        found(
            "softmax_in_the_loss",
            "",
            "",
            "'loss': softmax is applied twice in the recording: its loss is that of softmax(scores)"),
        found(
            "softmax_of_scores",
            "fc2",
            "",
            "layer 'fc2': the recording has one more activation behind this layer: softmax"),
        found(
            "summed",
            "",
            "fc2",
            "'loss': the recorded loss is summed over the 6 samples, not averaged",
            "'dx', 'fc1/W', 'fc1/b', 'fc2/W', 'fc2/b': the recorded gradient is summed over the 6 samples, not averaged"),
        found(
            "tanh_for_relu",
            "relu1",
            "fc2",
            "layer 'relu1': another activation: the recording has tanh, the network relu"),
        found(
            "transposed_dense",
            "fc1",
            "fc2",
            "layer 'fc1': the weights are transposed: W.T gives what was recorded"),
        found(
            "transposed_kernel",
            "conv1",
            "fc1",
            "layer 'conv1': the weights have their axes in another order: W.transpose(0, 1, 3, 2) gives what was recorded"),
        found(
            "variance",
            "norm1",
            "",
            "layer 'norm1': biased variance: the recording divides by n - 1, the network by n = 72"),
        found(
            "variance_layer_norm",
            "norm1",
            "",
            "layer 'norm1': biased variance: the recording divides by n - 1, the network by n = 60"));
  }

  private static Arguments found(String name, String forward, String backward, String... hints) {
    return Arguments.of(name, forward, backward, List.of(hints));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faults")
  void mistake_isNamedWithItsLayer(String name, String forward, String backward, List<String> hints)
      throws IOException {
    CaseReport report = CaseRunner.run(CaseFile.read(FAULTS.resolve(name)));
    assertFalse(report.matches());
    assertEquals(hints, report.hints());
    assertEquals(forward, report.firstDivergingLayer().map(TensorReport::name).orElse(""));
    assertEquals(backward, report.firstDivergingBackward().orElse(""));
  }

  @Test
  void everyRecordedMistake_isLookedAt() throws IOException {
    assertEquals(
        faults().count() + LayerFaultsTest.faults().count(), CaseFile.below(FAULTS).size());
  }

  @Test
  void report_saysLayersAndCauseBelowTheTensors() throws IOException {
    CaseReport report = CaseRunner.run(CaseFile.read(FAULTS.resolve("transposed_dense")));
    List<String> lines = report.explain();
    assertEquals(
        List.of(
            "the first layer whose output diverges is fc1",
            "the first layer, from the end, whose gradients diverge is fc2",
            "likely cause: layer 'fc1': the weights are transposed: W.T gives what was recorded"),
        lines.subList(lines.size() - 3, lines.size()));
    assertTrue(
        ReportFormat.TABLE
            .print(List.of(report))
            .contains("FAILED transposed_dense: the first layer whose output diverges is fc1\n"));
    String json = JsonParser.parseString(ReportFormat.JSON.print(List.of(report))).toString();
    assertTrue(json.contains("\"firstDivergingBackward\":\"fc2\""), json);
    assertTrue(json.contains("\"hints\":[\"layer 'fc1': the weights are transposed"), json);
    assertTrue(json.contains("\"recorded\":{\"numpy\":"), json);
  }

  /**
   * The convolution is off by rounding, which is allowed; so is the relu behind it, which is not.
   */
  @Test
  void differenceThatGrew_isToldFromAFaultOfTheLayer() throws IOException {
    Path torch = TestData.fixtures().resolve("torch/convnet");
    try (Stream<Path> paths = Files.walk(torch)) {
      for (Path path : paths.filter(path -> !path.equals(torch)).toList()) {
        Files.copy(path, folder.resolve(torch.relativize(path).toString()));
      }
    }
    Path file = folder.resolve(CaseFile.FILE);
    JsonObject json = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
    json.getAsJsonObject("outputs").getAsJsonObject("features.1").addProperty("match", "exact");
    Files.writeString(file, json.toString());
    assertEquals(
        List.of(
            "layer 'features.1': matches on the input recorded for it; the difference has grown in"
                + " the layers before"),
        CaseRunner.run(CaseFile.read(folder)).hints());
  }

  @Test
  void networkThatMatches_hasNoHints() throws IOException {
    CaseReport report = CaseRunner.run(CaseFile.read(TestData.fixtures().resolve("four_layer")));
    assertTrue(report.matches());
    assertEquals(List.of(), report.hints());
  }

  @Test
  void mismatchWithoutAKnownMistake_hasNoHints() throws IOException {
    Path digits = TestData.fixtures().resolve("digits");
    RecordedCase natural = CaseFile.read(TestData.fixtures().resolve("natural/digits"));
    NumpyWeights weights = NumpyWeights.open(digits.resolve("weights.npz"));
    CaseReport report =
        CaseRunner.run(natural.withMatch(Match.EXACT).withWeights(network -> weights));
    assertFalse(report.matches());
    assertEquals(List.of(), report.hints());
  }
}
