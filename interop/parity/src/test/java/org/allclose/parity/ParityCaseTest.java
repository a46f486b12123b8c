package org.allclose.parity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.allclose.TestData;
import org.allclose.parity.report.CaseReport;
import org.allclose.tensor.DenseMatrix;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.allclose.weights.NumpyTensors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParityCaseTest {
  private static final double[] VECTOR = {1, 2.5, -3};
  private static final Tensor MATRIX = Tensor.matrix(new double[] {1, 2}, new double[] {3, 4});

  @TempDir Path folder;
  private ParityCase parity;

  @BeforeEach
  void writeCase() throws IOException {
    NumpyTensors.write(folder.resolve("vector.npy"), Tensor.vector(VECTOR));
    NumpyTensors.write(folder.resolve("matrix.npy"), MATRIX);
    NumpyTensors.write(folder.resolve("number.npy"), Tensor.scalar(0.5));
    NumpyTensors.write(folder.resolve("labels.npy"), Tensor.vector(3, 0, 1));
    NumpyTensors.write(folder.resolve("empty.npy"), Tensor.zeros(2, 0));
    Files.writeString(
        folder.resolve(CaseFile.FILE),
        """
        {"format": "allclose-case/1", "name": "typed", "function": "f",
         "inputs": {"vector": "vector.npy", "matrix": "matrix.npy", "number": "number.npy",
                    "labels": "labels.npy", "empty": "empty.npy"},
         "expected": {"vector": {"file": "vector.npy", "match": "exact"},
                      "matrix": {"file": "matrix.npy", "match": "exact"},
                      "number": {"file": "number.npy", "match": "exact"},
                      "labels": {"file": "labels.npy", "match": "exact"}},
         "recorded": {"numpy": "2.4.6"}}
        """);
    parity = new ParityCase(CaseFile.read(folder));
  }

  @Test
  void inputs_areGivenByType() {
    assertArrayEquals(VECTOR, parity.array("vector"));
    assertArrayEquals(new int[] {3, 0, 1}, parity.integers("labels"));
    assertEquals(DenseMatrix.wrap(2, 2, MATRIX.toArray()), parity.matrix("matrix"));
    assertEquals(0.5, parity.number("number"));
    assertEquals(MATRIX, parity.tensor("matrix"));
  }

  @Test
  void inputs_areCopies() {
    parity.array("vector")[0] = 9;
    parity.matrix("matrix").setEntry(0, 0, 9);
    parity.tensor("matrix").set(9, 0, 0);
    inputs_areGivenByType();
  }

  @Test
  void inputOfAnotherType_isRefused() {
    assertEquals(
        "case 'typed': input 'matrix': expected 1 axes but got shape (2, 2)",
        refusal(() -> parity.array("matrix")));
    assertEquals(
        "case 'typed': input 'vector': expected 2 axes but got shape (3,)",
        refusal(() -> parity.matrix("vector")));
    assertEquals(
        "case 'typed': input 'vector': expected 0 axes but got shape (3,)",
        refusal(() -> parity.number("vector")));
    assertEquals(
        "case 'typed': input 'vector'[1]: expected a whole number but got 2.5",
        refusal(() -> parity.integers("vector")));
    assertEquals(
        "case 'typed': input 'empty': expected elements but got shape (2, 0)",
        refusal(() -> parity.matrix("empty")));
  }

  @Test
  void results_areTakenByType() {
    parity.expect("vector", VECTOR);
    parity.expect("matrix", DenseMatrix.wrap(2, 2, MATRIX.toArray()));
    parity.expect("number", 0.5);
    parity.expect("labels", new int[] {3, 0, 1});
    CaseReport report = parity.report();
    assertEquals(4, report.tensors().size());
    assertTrue(report.matches());
  }

  @Test
  void wrongResult_doesNotThrow() {
    parity.expect("vector", new double[] {1, 2.5, -4});
    parity.expect("matrix", Tensor.zeros(4));
    CaseReport report = parity.report();
    assertEquals(2, report.failures().size());
    assertEquals(Shape.of(4), report.numbers().get(1).actual().shape());
  }

  @Test
  void networkOfAFunctionsCase_isRefused() {
    assertEquals(
        "case 'typed': expected one of a network",
        assertThrows(IllegalStateException.class, parity::network).getMessage());
  }

  @Test
  void layersOfAFunctionsCase_areRefused() throws IOException {
    String json = Files.readString(TestData.fixtures().resolve("relu_ordinary/case.json"));
    Path broken = Files.createDirectory(folder.resolve("broken"));
    Files.writeString(
        broken.resolve(CaseFile.FILE),
        json.replace("\"inputs\": {", "\"inputGradients\": {}, \"inputs\": {")
            .replaceAll("(inputs|expected)/[a-z]+", "matrix"));
    Files.copy(folder.resolve("matrix.npy"), broken.resolve("matrix.npy"));
    assertEquals(
        broken.resolve(CaseFile.FILE)
            + ": line 5, column 20: inputGradients: expected a network whose layers they are but got a function",
        assertThrows(IOException.class, () -> CaseFile.read(broken)).getMessage());
  }

  private static String refusal(org.junit.jupiter.api.function.Executable call) {
    return assertThrows(IllegalArgumentException.class, call).getMessage();
  }
}
