package org.allclose.parity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.allclose.Parameters;
import org.allclose.TestData;
import org.allclose.TestPython;
import org.allclose.internal.axes.Axes;
import org.allclose.parity.recording.Match;
import org.allclose.parity.report.CaseReport;
import org.allclose.parity.report.ReportFormat;
import org.allclose.tensor.Tensor;
import org.allclose.weights.NumpyWeights;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Models that {@code record_torch.py} and {@code record_keras.py} recorded, and the same with
 * faults planted.
 */
class FrameworkParityTest {
  private static final Path KERAS = TestData.fixtures().resolve("keras");
  private static final Path TORCH = TestData.fixtures().resolve("torch");

  @TempDir Path folder;

  @Test
  void perceptronAndConvnet_areWithinFourUlps() throws IOException {
    assertWithinFourUlps(TORCH);
  }

  /** With the match that users get, output and input gradient of each Keras layer. */
  @Test
  void modelsOfKeras_match() throws IOException {
    assertMatches(KERAS.resolve("mlp"), 9, 3);
    assertMatches(KERAS.resolve("convnet"), 10, 7);
    assertMatches(KERAS.resolve("normalized"), 10, 9);
  }

  @Test
  @Tag("slow")
  void recordingPyTorchAnew_isAsNear() throws Exception {
    record("torch");
    assertWithinFourUlps(folder.resolve("fixtures/torch"));
    CaseReport normalizing =
        CaseRunner.run(CaseFile.read(folder.resolve("fixtures/torch/batch_norm")));
    assertTrue(normalizing.matches(), () -> ReportFormat.TABLE.print(List.of(normalizing)));
  }

  @Test
  @Tag("slow")
  void recordingKerasAnew_isAsNear() throws Exception {
    record("keras");
    for (String model : new String[] {"mlp", "convnet", "normalized"}) {
      CaseReport report = CaseRunner.run(CaseFile.read(folder.resolve("fixtures/keras/" + model)));
      assertTrue(report.matches(), () -> ReportFormat.TABLE.print(List.of(report)));
    }
  }

  /** Runs a framework's program, where a Python has the framework. */
  private void record(String framework) throws Exception {
    TestPython.with(framework)
        .succeed(
            folder,
            "allclose_record.py",
            TestPython.script("record_" + framework + ".py"),
            "--output",
            folder.toString());
  }

  @Test
  void plantedWeights_areNamedWithLayerAndCause() throws IOException {
    assertDiagnosed(
        "features.0",
        "layer 'features.0': the channel order is swapped: last to first, as BGR is of RGB",
        "features.0/W",
        w -> Axes.reverse(w, 1));
    assertDiagnosed(
        "features.0",
        "layer 'features.0': the weights have their axes in another order: W.transpose(0, 1, 3, 2)"
            + " gives what was recorded",
        "features.0/W",
        w -> Axes.transpose(w, 0, 1, 3, 2));
    // Recorded before images were (height, width, channel): 6 channels of 2 x 2.
    assertDiagnosed(
        "head.1",
        "layer 'head.1': the channel order is swapped: the rows of W are in the order (height,"
            + " width, channel), as channels-last frameworks flatten, not (channel, height, width)",
        "head.1/W",
        w -> Axes.transpose(w.copy().reshape(6, 2, 2, 10), 1, 2, 0, 3).reshape(24, 10));
  }

  @Test
  void plantedSettings_areNamedWithLayerAndCause() throws IOException {
    assertDiagnosed(
        "normalized",
        "features.1",
        "layer 'features.1': another epsilon: the recording has 1.0E-5, the network 0.001",
        "\"epsilon\": 1e-05",
        "\"epsilon\": 1e-3");
    assertDiagnosed(
        "convnet",
        "features.1",
        "layer 'features.1': another activation: the recording has relu, the network tanh",
        "\"type\": \"relu\"",
        "\"type\": \"tanh\"");
  }

  /** Returns the replay of the convnet with one parameter changed. */
  private static void assertDiagnosed(
      String layer, String hint, String parameter, UnaryOperator<Tensor> fault) throws IOException {
    Path convnet = TORCH.resolve("convnet");
    NumpyWeights weights = NumpyWeights.open(convnet.resolve("weights.npz"));
    Map<String, Tensor> wrong = new LinkedHashMap<>();
    weights.names().forEach(name -> wrong.put(name, weights.get(name)));
    wrong.compute(parameter, (name, value) -> fault.apply(value));
    Parameters parameters = Parameters.wrap(wrong);
    CaseReport report = CaseRunner.run(CaseFile.read(convnet).withWeights(network -> parameters));
    assertEquals(layer, report.firstDivergingLayer().orElseThrow().name());
    assertEquals(List.of(hint), report.hints());
  }

  /** Replays a model with its network file changed. */
  private void assertDiagnosed(String model, String layer, String hint, String right, String wrong)
      throws IOException {
    Path copy = folder.resolve(model);
    try (Stream<Path> paths = Files.walk(TORCH.resolve(model))) {
      for (Path path : paths.toList()) {
        Files.copy(path, copy.resolve(TORCH.resolve(model).relativize(path).toString()));
      }
    }
    Path network = copy.resolve("network.json");
    String text = Files.readString(network);
    assertTrue(text.contains(right), text);
    Files.writeString(network, text.replace(right, wrong));
    CaseReport report = CaseRunner.run(CaseFile.read(copy));
    assertEquals(layer, report.firstDivergingLayer().orElseThrow().name());
    assertEquals(List.of(hint), report.hints());
  }

  private static void assertWithinFourUlps(Path folder) throws IOException {
    assertWithinFourUlps(folder.resolve("mlp"), 9, 5);
    assertWithinFourUlps(folder.resolve("convnet"), 10, 9);
    assertWithinFourUlps(folder.resolve("normalized"), 8, 7);
  }

  private static void assertWithinFourUlps(Path folder, int tensors, int layers)
      throws IOException {
    CaseReport report = CaseRunner.run(CaseFile.read(folder).withMatch(Match.ulps(4)));
    assertMatches(report, tensors, layers);
  }

  private static void assertMatches(Path folder, int tensors, int layers) throws IOException {
    assertMatches(CaseRunner.run(CaseFile.read(folder)), tensors, layers);
  }

  private static void assertMatches(CaseReport report, int tensors, int layers) {
    assertTrue(report.matches(), () -> ReportFormat.TABLE.print(List.of(report)));
    assertEquals(tensors, report.tensors().size());
    assertEquals(layers, report.layers().size());
    assertEquals(layers, report.inputGradients().size());
    assertTrue(
        report.recorded().containsKey("torch") || report.recorded().containsKey("tensorflow"));
  }
}
