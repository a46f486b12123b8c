package org.allclose.parity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.allclose.json.JsonFormatException;
import org.allclose.parity.report.CaseReport;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.allclose.weights.NumpyTensors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cases that keep some elements of a tensor: of ReLU of 1 to 6, whose sum is 21. */
class SampledCaseTest {
  private static final String CASE =
      """
      {"format": "allclose-case/1", "name": "mine", "function": "relu",
       "inputs": {"x": "x.npy", "dout": "x.npy"},
       "expected": {"out": {"file": "out.npy", "match": "exact",
                            "sampled": {"shape": [2, 3], "indices": "indices.npy",
                                        "sum": 21, "norm": 9.539392014169456}}},
       "recorded": {}}
      """;

  @TempDir Path folder;

  @BeforeEach
  void writeArrays() throws IOException {
    NumpyTensors.write(
        folder.resolve("x.npy"), Tensor.vector(1, 2, 3, 4, 5, 6).reshape(Shape.of(2, 3)));
    NumpyTensors.write(folder.resolve("indices.npy"), Tensor.vector(1, 4));
    NumpyTensors.write(folder.resolve("out.npy"), Tensor.vector(2, 5));
  }

  @Test
  void run_comparesTheElementsThatWereKept() throws IOException {
    CaseReport report = run(CASE);
    assertTrue(report.matches());
    assertEquals("out: all 2 recorded elements bit-equal", report.tensors().get(0).explain());
  }

  @Test
  void run_ofAnotherElement_saysWhereItStandsInTheTensor() throws IOException {
    NumpyTensors.write(folder.resolve("out.npy"), Tensor.vector(2, 7));
    String line = run(CASE).tensors().get(0).explain();
    assertTrue(line.startsWith("out(1, 1): expected 7.0 but got 5.0 (match exact; "), line);
  }

  @Test
  void run_ofAnotherSumOrNorm_saysSo() throws IOException {
    assertEquals(
        "out: the sum of all 6 elements: expected 22.0 but got 21.0",
        run(CASE.replace("21", "22")).tensors().get(0).explain());
    assertEquals(
        "out: the norm of all 6 elements: expected 9.5 but got 9.539392014169456",
        run(CASE.replace("9.539392014169456", "9.5")).tensors().get(0).explain());
    assertEquals(
        "out: the sum of all 6 elements: expected one that is not finite but got 21.0",
        run(CASE.replace("\"sum\": 21, ", "")).tensors().get(0).explain());
  }

  @Test
  void run_allowsOfTheSumWhatItAllowsOfTheElements() throws IOException {
    String near = CASE.replace("\"exact\"", "{\"rtol\": 0.01, \"atol\": 0}");
    assertTrue(run(near.replace("21", "21.2")).matches());
    assertEquals(
        "out: the sum of all 6 elements: expected 21.22 but got 21.0",
        run(near.replace("21", "21.22")).tensors().get(0).explain());
    String ulps = CASE.replace("\"exact\"", "{\"ulps\": 1}");
    assertTrue(run(ulps.replace("21", "21.000000000000004")).matches());
    assertEquals(
        "out: the sum of all 6 elements: expected 21.0000000001 but got 21.0",
        run(ulps.replace("21", "21.0000000001")).tensors().get(0).explain());
  }

  @Test
  void run_ofAnotherShape_saysBoth() throws IOException {
    CaseReport report = run(CASE.replace("[2, 3]", "[3, 2]"));
    assertEquals("out: expected shape (3, 2) but got (2, 3)", report.tensors().get(0).explain());
  }

  @Test
  void read_ofPlacesOutsideOrOutOfOrder_isRefused() throws IOException {
    NumpyTensors.write(folder.resolve("indices.npy"), Tensor.vector(1, 6));
    assertMessage(
        "line 4, column 63: expected.out.sampled.indices: expected increasing whole numbers below 6 but"
            + " got 6.0 at [1]");
    NumpyTensors.write(folder.resolve("indices.npy"), Tensor.vector(4, 1));
    assertMessage(
        "line 4, column 63: expected.out.sampled.indices: expected increasing whole numbers below 6 but"
            + " got 1.0 at [1]");
    NumpyTensors.write(folder.resolve("indices.npy"), Tensor.vector(4));
    assertMessage(
        "line 4, column 63: expected.out.sampled.indices: expected one for each recorded element but got"
            + " shape (1,) beside (2,)");
  }

  private void assertMessage(String message) {
    assertEquals(
        folder.resolve(CaseFile.FILE) + ": " + message,
        assertThrows(JsonFormatException.class, () -> run(CASE)).getMessage());
  }

  private CaseReport run(String text) throws IOException {
    Files.writeString(folder.resolve(CaseFile.FILE), text);
    return CaseRunner.run(CaseFile.read(folder));
  }
}
